/**
 * Simulation on virtual time: the real balancer and real policies against servers, traffic and trouble that a scenario
 * describes, reproducible to the bit from a seed.
 */
@NullMarked
package io.github.lbkit.testkit.sim;

import org.jspecify.annotations.NullMarked;
