/** Benchmarks of the balancer and its routers. */
@NullMarked
package io.github.lbkit.bench;

import org.jspecify.annotations.NullMarked;
