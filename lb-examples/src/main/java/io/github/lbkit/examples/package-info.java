/** The runnable balancer and the demo server. */
@NullMarked
package io.github.lbkit.examples;

import org.jspecify.annotations.NullMarked;
