/** Benchmarks of the balancer, of its metrics and of its HTTP clients. */
@NullMarked
package io.github.lbkit.bench;

import org.jspecify.annotations.NullMarked;
