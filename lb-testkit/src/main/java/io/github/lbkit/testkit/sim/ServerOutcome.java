package io.github.lbkit.testkit.sim;

/**
 * The load of one server of a simulation during the measurement. Immutable.
 *
 * @param id the id of the server
 * @param attempts the number of attempts
 * @param meanInFlight the mean number of attempts in flight over time
 */
public record ServerOutcome(String id, long attempts, double meanInFlight) {}
