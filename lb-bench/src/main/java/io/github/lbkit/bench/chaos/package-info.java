/** A run of the balancer among bad clients and bad servers, seeded. */
@NullMarked
package io.github.lbkit.bench.chaos;

import org.jspecify.annotations.NullMarked;
