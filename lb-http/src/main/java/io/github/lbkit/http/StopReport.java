package io.github.lbkit.http;

/**
 * How a stop went. Immutable.
 *
 * @param finished requests that were in flight when the stop began, and were answered
 * @param cut requests that were cut off at its deadline
 */
public record StopReport(int finished, int cut) {}
