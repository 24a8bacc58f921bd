package io.github.lbkit.http.internal.probe;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.NameResolver;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.health.ProbeResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HttpClient that does one request on one connection and nothing by itself: no redirect, retry, cookie, decompression
 * or reuse. Thread-safe; owns two daemon threads (sockets, deadlines) until it is closed.
 */
public final class ProbeClient implements AutoCloseable {
    /** Whoever asks has a deadline; this only ends what nobody waits for any more. */
    private static final Timeout CONNECT_AT_MOST = Timeout.ofMinutes(1);

    private static final int MOST_CONNECTIONS = 100_000;
    private static final int MOST_LINE_LENGTH = 16 * 1024;
    private static final int MOST_HEADERS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(ProbeClient.class);

    private final CloseableHttpAsyncClient client;
    private final Scheduler deadlines;
    private final NameResolver names;

    /** Written by close, read by the sockets' thread. */
    private volatile boolean closed;

    /** A client that is ready to ask. */
    public ProbeClient(Runtimes runtimes) {
        deadlines = runtimes.scheduler("http-probe");
        names = runtimes.names();
        client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_AT_MOST)
                                .build())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                                .build())
                        .build())
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setTcpNoDelay(true)
                        .build())
                .setIoReactorExceptionCallback(this::reactorFailed)
                .setThreadFactory(new DefaultThreadFactory("http-probe-sockets", true))
                .setHttp1Config(Http1Config.custom()
                        .setMaxLineLength(MOST_LINE_LENGTH)
                        .setMaxHeaderCount(MOST_HEADERS)
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

    /** Asks once; completes by the timeout, whatever the other side does. */
    public CompletionStage<ProbeResult> ask(ProbeRequest request, Address address, Duration timeout) {
        return new ProbeExchange(client, deadlines, request, address, timeout).begin(names);
    }

    private void reactorFailed(Exception e) {
        if (!closed) {
            LOG.error("the sockets of HTTP probes failed", e);
        }
    }

    /** Ends the threads; probes under way fail or never complete. Again: nothing happens. */
    @Override
    public void close() {
        closed = true;
        deadlines.close();
        client.close(CloseMode.IMMEDIATE);
    }
}
