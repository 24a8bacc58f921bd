package io.github.lbkit.http.internal.upstream;

/**
 * How a loop keeps its connections to servers. Immutable.
 *
 * @param connectNanos how long making one may take
 * @param idleNanos how long an unused one is kept
 * @param idlePerInstance how many unused ones to one instance a loop keeps
 */
public record UpstreamOptions(long connectNanos, long idleNanos, int idlePerInstance) {}
