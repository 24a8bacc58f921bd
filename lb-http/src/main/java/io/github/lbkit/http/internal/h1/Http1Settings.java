package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.ForwardedStyle;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.internal.exchange.TimeoutNanos;
import io.github.lbkit.http.internal.peer.TrustedProxies;
import io.github.lbkit.http.internal.wire.write.Via;

/**
 * The settings of client connections. Immutable.
 *
 * @param trustedProxies the proxies whose forwarding fields are used
 * @param forwarded the fields by which servers learn the client
 * @param via the name of this proxy in {@code Via}, which also detects loops
 * @param abortOnHalfClose whether a client that closes its side of the connection counts as gone
 * @param timeouts the timeouts
 * @param limits the limits of messages
 * @param security the settings of requests over TLS
 */
public record Http1Settings(
        TrustedProxies trustedProxies,
        ForwardedStyle forwarded,
        Via via,
        boolean abortOnHalfClose,
        TimeoutNanos timeouts,
        Limits limits,
        Http1Security security) {}
