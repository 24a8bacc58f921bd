/** The runnable balancer: its wiring, its start, and its stop. */
@NullMarked
package io.github.lbkit.examples.serve;

import org.jspecify.annotations.NullMarked;
