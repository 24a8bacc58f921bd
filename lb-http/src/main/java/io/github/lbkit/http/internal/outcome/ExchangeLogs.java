package io.github.lbkit.http.internal.outcome;

/**
 * The logs of a proxy. Thread-safe.
 *
 * @param access the log of all requests
 * @param refusals the log of refused requests
 * @param failures the log of failed requests
 * @param handshakes the log of failed TLS handshakes with clients
 */
public record ExchangeLogs(AccessLog access, RefusalLog refusals, FailureLog failures, HandshakeLog handshakes) {}
