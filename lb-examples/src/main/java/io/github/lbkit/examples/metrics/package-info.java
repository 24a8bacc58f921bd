/** What the runnable balancer shows to Prometheus. */
@NullMarked
package io.github.lbkit.examples.metrics;

import org.jspecify.annotations.NullMarked;
