package io.github.lbkit.http.internal.probe;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.http.internal.client.UnixSockets;
import io.github.lbkit.http.internal.transport.TlsFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.Timeout;

/**
 * One execution of an HTTP probe: resolves the host and tries its addresses in their order until one connects, each
 * within its share of the remaining time. The steps after name resolution run on the thread of the deadlines.
 */
final class ProbeExchange {
    private final CloseableHttpAsyncClient client;
    private final Scheduler deadlines;
    private final ProbeRequest request;
    private final Address address;
    private final Duration timeout;
    private final long deadlineNanos;
    private final CompletableFuture<ProbeResult> result = new CompletableFuture<>();

    /** The failures of the addresses that could not be connected. Confined to the thread of the deadlines. */
    private final List<String> failures = new ArrayList<>();

    /** The resolved addresses. Confined to the thread of the deadlines. */
    private List<InetAddress> resolved = List.of();

    /** The index of the address that is tried. Confined to the thread of the deadlines. */
    private int current;

    ProbeExchange(
            CloseableHttpAsyncClient client,
            Scheduler deadlines,
            ProbeRequest request,
            Address address,
            Duration timeout) {
        this.client = client;
        this.deadlines = deadlines;
        this.request = request;
        this.address = address;
        this.timeout = timeout;
        deadlineNanos = deadlines.nanoTime() + timeout.toNanos();
    }

    CompletionStage<ProbeResult> start(NameResolver names) {
        var deadline = deadlines.schedule(timeout, this::timedOut);
        if (address.isUnix()) {
            resolved = List.of(InetAddress.getLoopbackAddress()); // stands for the socket, which has no address
            deadlines.execute(() -> send(0));
        } else {
            resolveAndSend(names);
        }
        return result.whenComplete((answer, e) -> deadline.close());
    }

    private void resolveAndSend(NameResolver names) {
        var unused = resolve(names)
                .whenComplete((found, e) -> deadlines.execute(() -> {
                    if (e != null) {
                        result.complete(ProbeResult.failed(reason(e)));
                    } else {
                        resolved = found;
                        send(0);
                    }
                }));
    }

    private void timedOut() {
        result.complete(ProbeResult.failed(
                (resolved.isEmpty() ? "no address is known for host " + address.host() : "no answer from " + address)
                        + " within " + timeout.toMillis() + " ms"));
    }

    private CompletionStage<List<InetAddress>> resolve(NameResolver names) {
        try {
            return names.resolve(address.host());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void send(int index) {
        if (result.isDone()) {
            return;
        }
        current = index;
        try {
            HttpHost host = address.isUnix()
                    ? new HttpHost(address.scheme(), address.authority())
                    : new HttpHost(address.scheme(), resolved.get(index), ProbeTls.nameOf(address), address.port());
            BasicHttpRequest message = new BasicHttpRequest(request.method(), host, request.path());
            String hostField = request.host().orElse(address.authority());
            if (address.scheme().equals("https")) { // HttpClient takes the name for TLS from the authority
                message.setAuthority(new URIAuthority(ProbeTls.nameOf(address), address.port()));
                message.setHeader("Host", hostField);
            } else {
                message.setAuthority(URIAuthority.create(hostField));
            }
            message.setHeader("Connection", "close");
            request.headers().forEach(message::setHeader);
            HttpClientContext context = context(index);
            ProbeResponse response = new ProbeResponse(
                    request,
                    address + request.path(),
                    result,
                    e -> deadlines.execute(() -> exchangeFailed(index, context, e)));
            Future<ProbeResult> exchange =
                    client.execute(host, new BasicRequestProducer(message, null), response, null, context, null);
            var unused = result.whenComplete((answer, e) -> deadlines.execute(() -> exchange.cancel(true)));
        } catch (Exception e) {
            result.complete(ProbeResult.failed("cannot probe " + address + ": " + reason(e)));
        }
    }

    /** Handles the failure of an exchange: tries the next address if this one could not be connected. */
    private void exchangeFailed(int index, HttpClientContext context, Exception e) {
        if (index != current) {
            return;
        }
        failures.add(reason(e));
        boolean wasConnected = context.getEndpointDetails() != null;
        if (!wasConnected && e instanceof IOException && index + 1 < resolved.size()) {
            send(index + 1);
        } else {
            result.complete(ProbeResult.failed(
                    "no answer from " + address + request.path() + ": " + String.join(", ", failures)));
        }
    }

    /**
     * Returns a context with the time limits of one address. HttpClient can lose a cancellation, for example while
     * connecting; the response timeout then ends the exchange.
     */
    private HttpClientContext context(int index) {
        RequestConfig.Builder config = RequestConfig.custom()
                .setProtocolUpgradeEnabled(false)
                .setContentCompressionEnabled(false)
                .setResponseTimeout(Timeout.of(timeout));
        if (address.isUnix()) {
            UnixSockets.use(config, Path.of(address.host()));
        }
        if (index + 1 < resolved.size()) {
            limitConnect(config, (deadlineNanos - deadlines.nanoTime()) / (resolved.size() - index));
        }
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(config.build());
        return context;
    }

    @SuppressWarnings("deprecation") // HttpClient has no other connect timeout for a single request
    private static void limitConnect(RequestConfig.Builder config, long nanos) {
        config.setConnectTimeout(
                Timeout.ofMilliseconds(Math.max(1, Duration.ofNanos(nanos).toMillis())));
    }

    private static String reason(Throwable e) {
        Throwable cause = GuardedCalls.cause(e);
        if (cause instanceof SSLException) {
            return "the TLS handshake with it failed: " + TlsFailure.reasonOf(cause);
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
