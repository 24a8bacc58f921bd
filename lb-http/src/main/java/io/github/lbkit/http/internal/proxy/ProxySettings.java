package io.github.lbkit.http.internal.proxy;

import io.github.lbkit.http.internal.exchange.ForwardingSettings;
import io.github.lbkit.http.internal.exchange.LocalSettings;
import io.github.lbkit.http.internal.h1.Http1Settings;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all loops of a proxy share. Immutable.
 *
 * @param forwarding the settings of forwarding; null for a proxy without servers
 * @param local the settings of requests that the proxy answers itself
 * @param http1 the settings of client connections
 * @param logs the logs
 * @param proxyProtocol the settings of the PROXY protocol
 * @param tls TLS towards clients and servers
 */
public record ProxySettings(
        @Nullable ForwardingSettings forwarding,
        LocalSettings local,
        Http1Settings http1,
        ExchangeLogs logs,
        ProxyProtocolSettings proxyProtocol,
        ProxyTls tls) {}
