/** The contracts of a load balancer, and the balancer that composes them. */
@NullMarked
package io.github.lbkit.api;

import org.jspecify.annotations.NullMarked;
