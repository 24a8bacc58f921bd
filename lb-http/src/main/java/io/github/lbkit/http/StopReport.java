package io.github.lbkit.http;

/**
 * The result of stopping the proxy. Immutable.
 *
 * @param finished the number of requests that were in flight when the stop began and were answered; tunnels that ended
 *     by themselves included
 * @param cut the number of requests and tunnels that were cut off at the deadline
 */
public record StopReport(int finished, int cut) {}
