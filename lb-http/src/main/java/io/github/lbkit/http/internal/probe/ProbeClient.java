package io.github.lbkit.http.internal.probe;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.http.internal.tls.LazyServerEngines;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HttpClient that sends each request once, on a connection of its own: without redirects, retries, cookies,
 * decompression or connection reuse. Thread-safe; owns two daemon threads (sockets, deadlines) until it is closed.
 */
public final class ProbeClient implements AutoCloseable {
    /** A limit that only cleans up: each probe has a deadline of its own. */
    private static final Timeout CONNECT_TIMEOUT = Timeout.ofMinutes(1);

    private static final int MAX_CONNECTIONS = 100_000;
    private static final int MAX_LINE_LENGTH = 16 * 1024;
    private static final int MAX_HEADERS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(ProbeClient.class);

    private final CloseableHttpAsyncClient client;
    private final Scheduler deadlines;
    private final NameResolver names;

    /** Written by close, read by the thread of the sockets. */
    private volatile boolean closed;

    private final LazyServerEngines engines;

    /**
     * Creates and starts the client.
     *
     * @param engines the TLS engines for servers with the scheme {@code https}; {@link #close} closes them
     * @param preface the bytes that each connection begins with, before TLS, such as a PROXY header; empty for none
     */
    public ProbeClient(Runtimes runtimes, LazyServerEngines engines, byte[] preface) {
        this.engines = engines;
        deadlines = runtimes.scheduler("http-probe");
        names = runtimes.names();
        AsyncClientConnectionManager connections = newConnections(engines);
        client = HttpAsyncClients.custom()
                .setConnectionManager(preface.length == 0 ? connections : new PrefacedConnections(connections, preface))
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setTcpNoDelay(true)
                        .build())
                .setIoReactorExceptionCallback(this::reactorFailed)
                .setThreadFactory(new DefaultThreadFactory("http-probe-sockets", true))
                .setHttp1Config(Http1Config.custom()
                        .setMaxLineLength(MAX_LINE_LENGTH)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setUserAgent("lbkit-probe")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .build();
        client.start();
    }

    private static AsyncClientConnectionManager newConnections(LazyServerEngines engines) {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT_TIMEOUT)
                        .build())
                .setTlsStrategy(new ProbeTls(engines))
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .build())
                .build();
    }

    /** Sends a request. The result completes within the timeout. */
    public CompletionStage<ProbeResult> send(ProbeRequest request, Address address, Duration timeout) {
        return new ProbeExchange(client, deadlines, request, address, timeout).start(names);
    }

    private void reactorFailed(Exception e) {
        if (!closed) {
            LOG.error("the I/O reactor of HTTP probes failed", e);
        }
    }

    /** Stops the threads. Probes in progress fail or never complete. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        deadlines.close();
        client.close(CloseMode.IMMEDIATE);
        engines.close();
    }
}
