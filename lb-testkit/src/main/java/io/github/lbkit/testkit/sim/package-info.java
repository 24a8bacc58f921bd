/**
 * Simulations on virtual time: a real balancer and real policies with simulated servers and clients, and scenarios of
 * failures. Equal seeds give equal results.
 */
@NullMarked
package io.github.lbkit.testkit.sim;

import org.jspecify.annotations.NullMarked;
