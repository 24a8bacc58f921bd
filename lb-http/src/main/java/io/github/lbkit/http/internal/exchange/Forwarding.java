package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.upstream.UpstreamPool;

/**
 * The means by which the exchanges of one loop forward requests to servers. Confined to its loop.
 *
 * @param settings the settings of all loops
 * @param loop the loop
 * @param upstreams the connections of the loop to servers
 * @param parsers the parsers of response heads
 * @param output the shared output buffer
 */
public record Forwarding(
        ForwardingSettings settings, EventLoop loop, UpstreamPool upstreams, ParserPool parsers, OutputBuffer output) {}
