package io.github.lbkit.http;

/**
 * A request that is answered here. Immutable, unless someone writes into the body.
 *
 * @param head the head; unlike on the loops, this one may be kept
 * @param body the whole body, decoded from its framing; empty if there is none
 * @param truncated whether the body was longer than the route allows: then it is not whole, and the connection ends
 *     after the response
 */
@SuppressWarnings("ArrayRecordComponent") // bodies pass through once, uncompared
public record LocalRequest(RequestHead head, byte[] body, boolean truncated) {}
