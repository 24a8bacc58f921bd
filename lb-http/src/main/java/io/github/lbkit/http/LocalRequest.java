package io.github.lbkit.http;

/**
 * A request that the application answers instead of a server. Immutable, provided that the body is not changed.
 *
 * @param head the head; may be kept, unlike the head that a {@link KeyExtractor} receives
 * @param body the body without its framing; empty if there is none
 * @param truncated true if the body is longer than the route allows; the body is then incomplete, and the connection is
 *     closed after the response
 */
@SuppressWarnings("ArrayRecordComponent") // each body is used once and never compared
public record LocalRequest(RequestHead head, byte[] body, boolean truncated) {}
