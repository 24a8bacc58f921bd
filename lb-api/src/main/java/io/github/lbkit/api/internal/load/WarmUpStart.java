package io.github.lbkit.api.internal.load;

/**
 * The start of an instance's warm-up. Immutable.
 *
 * @param sinceNanos the time of the start, in nanoseconds of the balancer's clock
 * @param idHash a hash of the server's id, which decides with the hash of a key whether the server takes the key
 */
public record WarmUpStart(long sinceNanos, long idHash) {}
