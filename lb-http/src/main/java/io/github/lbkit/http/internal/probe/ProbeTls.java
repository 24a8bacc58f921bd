package io.github.lbkit.http.internal.probe;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.internal.tls.ServerEngines;
import java.net.SocketAddress;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.SSLSessionVerifier;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * TLS of probes: contexts and parameters are those of a proxy with equal settings, so that a probe and a proxy judge a
 * server's certificate alike. Thread-safe.
 */
final class ProbeTls implements TlsStrategy {
    private static final SSLSessionVerifier VERIFIED_BY_THE_ENGINE = (endpoint, engine) -> null;

    private final ServerEngines engines;

    ProbeTls(ServerEngines engines) {
        this.engines = engines;
    }

    /** Returns the name that a server's certificate must have; it is the name of the host that is asked for. */
    static String nameOf(Address address) {
        return address.attributes()
                .getOrDefault(Address.SNI, address.attributes().getOrDefault("host", address.host()));
    }

    @Override
    public void upgrade(
            TransportSecurityLayer layer,
            NamedEndpoint endpoint,
            @Nullable Object attachment,
            Timeout timeout,
            @Nullable FutureCallback<TransportSecurityLayer> callback) {
        Address address = Address.of(endpoint.getHostName(), endpoint.getPort());
        layer.startTls(
                engines.context(),
                endpoint,
                SSLBufferMode.STATIC,
                (named, engine) -> engines.prepare(engine, address),
                VERIFIED_BY_THE_ENGINE,
                timeout,
                callback);
    }

    @Override
    @Deprecated
    public boolean upgrade(
            TransportSecurityLayer layer,
            HttpHost host,
            SocketAddress localAddress,
            SocketAddress remoteAddress,
            Object attachment,
            Timeout timeout) {
        upgrade(layer, host, attachment, timeout, null);
        return true;
    }
}
