/** The metrics page of the runnable balancer. */
@NullMarked
package io.github.lbkit.examples.metrics;

import org.jspecify.annotations.NullMarked;
