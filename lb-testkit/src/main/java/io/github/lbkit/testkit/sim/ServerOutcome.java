package io.github.lbkit.testkit.sim;

/**
 * What one server of a simulation had to carry while loads were measured. Immutable.
 *
 * @param id the server's id
 * @param attempts how many attempts went to it
 * @param meanInFlight how many attempts it had in flight, as a mean over time
 */
public record ServerOutcome(String id, long attempts, double meanInFlight) {}
