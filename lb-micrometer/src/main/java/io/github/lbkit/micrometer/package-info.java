/** Micrometer metrics of a load balancer and its pool. */
@NullMarked
package io.github.lbkit.micrometer;

import org.jspecify.annotations.NullMarked;
