/** A seeded run of the balancer with misbehaving clients and servers. */
@NullMarked
package io.github.lbkit.bench.chaos;

import org.jspecify.annotations.NullMarked;
