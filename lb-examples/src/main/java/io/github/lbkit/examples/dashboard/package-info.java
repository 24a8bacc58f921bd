/** A live view of the balancer for people: what happens, in a page that browsers show. */
@NullMarked
package io.github.lbkit.examples.dashboard;

import org.jspecify.annotations.NullMarked;
