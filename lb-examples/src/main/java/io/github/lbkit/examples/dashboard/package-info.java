/** The dashboard: a live view of the balancer in a web page. */
@NullMarked
package io.github.lbkit.examples.dashboard;

import org.jspecify.annotations.NullMarked;
