package io.github.lbkit.http.internal.probe;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.health.ProbeResult;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HttpClient that does one request on one connection and nothing by itself: no redirect, retry, cookie, decompression
 * or reuse. Thread-safe; owns three daemon threads (sockets, names, deadlines) until it is closed.
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
    private final Scheduler names;

    /** Written by close, read by the sockets' thread. */
    private volatile boolean closed;

    /** A client that is ready to ask. */
    public ProbeClient(Runtimes runtimes) {
        deadlines = runtimes.scheduler("http-probe");
        names = runtimes.scheduler("http-probe-names");
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
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        var deadline = deadlines.schedule(
                timeout,
                () -> result.complete(
                        ProbeResult.failed("no answer from " + address + " within " + timeout.toMillis() + " ms")));
        names.execute(() -> begin(request, address, timeout, result));
        return result.whenComplete((answer, e) -> deadline.close());
    }

    private void begin(ProbeRequest request, Address address, Duration timeout, CompletableFuture<ProbeResult> result) {
        if (result.isDone()) {
            return;
        }
        try {
            String name = address.attributes().getOrDefault(Address.SNI, address.host());
            HttpHost target =
                    new HttpHost(address.scheme(), InetAddress.getByName(address.host()), name, address.port());
            BasicHttpRequest message = new BasicHttpRequest(request.method(), target, request.path());
            message.setAuthority(URIAuthority.create(request.host().orElse(address.authority())));
            message.setHeader("Connection", "close");
            request.headers().forEach(message::setHeader);
            ProbeResponse response = new ProbeResponse(request, address + request.path(), result);
            Future<ProbeResult> exchange = client.execute(
                    target, new BasicRequestProducer(message, null), response, null, context(timeout), null);
            var unused = result.whenComplete((answer, e) -> deadlines.execute(() -> exchange.cancel(true)));
        } catch (UnknownHostException e) {
            result.complete(ProbeResult.failed("no address is known for host " + address.host()));
        } catch (Exception e) {
            result.complete(ProbeResult.failed("cannot ask " + address + ": " + reason(e)));
        }
    }

    /** A cancel may come at a moment at which HttpClient loses it: then the silence of the connection ends it. */
    private static HttpClientContext context(Duration timeout) {
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.custom()
                .setProtocolUpgradeEnabled(false)
                .setContentCompressionEnabled(false)
                .setResponseTimeout(Timeout.of(timeout))
                .build());
        return context;
    }

    private void reactorFailed(Exception e) {
        if (!closed) {
            LOG.error("the sockets of HTTP probes failed", e);
        }
    }

    static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Ends the threads; probes under way fail or never complete. Again: nothing happens. */
    @Override
    public void close() {
        closed = true;
        names.close();
        deadlines.close();
        client.close(CloseMode.IMMEDIATE);
    }
}
