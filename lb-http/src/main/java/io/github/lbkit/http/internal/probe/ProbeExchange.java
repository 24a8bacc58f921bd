package io.github.lbkit.http.internal.probe;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.NameResolver;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.health.ProbeResult;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.Timeout;

/**
 * One question of an HTTP probe: resolves the host and asks its addresses in their order until one connects, each within its
 * share of the time that is left. The steps after the look-up run on the deadlines' thread.
 */
final class ProbeExchange {
    private final CloseableHttpAsyncClient client;
    private final Scheduler deadlines;
    private final ProbeRequest request;
    private final Address address;
    private final Duration timeout;
    private final long deadlineNanos;
    private final CompletableFuture<ProbeResult> result = new CompletableFuture<>();

    /** The addresses that could not be connected, with the reasons; confined to the deadlines' thread. */
    private final List<String> failures = new ArrayList<>();

    /** Confined to the deadlines' thread. */
    private List<InetAddress> targets = List.of();

    /** The index of the address that is asked; confined to the deadlines' thread. */
    private int asked;

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

    CompletionStage<ProbeResult> begin(NameResolver names) {
        var deadline = deadlines.schedule(timeout, this::late);
        var unused = addresses(names)
                .whenComplete((found, e) -> deadlines.execute(() -> {
                    if (e != null) {
                        result.complete(ProbeResult.failed(reason(e)));
                    } else {
                        targets = found;
                        ask(0);
                    }
                }));
        return result.whenComplete((answer, e) -> deadline.close());
    }

    private void late() {
        result.complete(ProbeResult.failed(
                (targets.isEmpty() ? "no address is known for host " + address.host() : "no answer from " + address)
                        + " within " + timeout.toMillis() + " ms"));
    }

    private CompletionStage<List<InetAddress>> addresses(NameResolver names) {
        try {
            return names.resolve(address.host());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void ask(int index) {
        if (result.isDone()) {
            return;
        }
        asked = index;
        try {
            String name = address.attributes().getOrDefault(Address.SNI, address.host());
            HttpHost target = new HttpHost(address.scheme(), targets.get(index), name, address.port());
            BasicHttpRequest message = new BasicHttpRequest(request.method(), target, request.path());
            message.setAuthority(URIAuthority.create(request.host().orElse(address.authority())));
            message.setHeader("Connection", "close");
            request.headers().forEach(message::setHeader);
            HttpClientContext context = context(index);
            ProbeResponse response = new ProbeResponse(
                    request, address + request.path(), result, e -> deadlines.execute(() -> lost(index, context, e)));
            Future<ProbeResult> exchange =
                    client.execute(target, new BasicRequestProducer(message, null), response, null, context, null);
            var unused = result.whenComplete((answer, e) -> deadlines.execute(() -> exchange.cancel(true)));
        } catch (Exception e) {
            result.complete(ProbeResult.failed("cannot ask " + address + ": " + reason(e)));
        }
    }

    /** Takes the failure of an exchange: the next address is asked if this one had no connection. */
    private void lost(int index, HttpClientContext context, Exception e) {
        if (index != asked) {
            return;
        }
        failures.add(reason(e));
        boolean wasConnected = context.getEndpointDetails() != null;
        if (!wasConnected && e instanceof IOException && index + 1 < targets.size()) {
            ask(index + 1);
        } else {
            result.complete(ProbeResult.failed(
                    "no answer from " + address + request.path() + ": " + String.join(", ", failures)));
        }
    }

    /**
     * The time limits of one address. HttpClient can lose a cancel, for example while it connects: then the silence of the
     * connection ends the exchange.
     */
    private HttpClientContext context(int index) {
        RequestConfig.Builder config = RequestConfig.custom()
                .setProtocolUpgradeEnabled(false)
                .setContentCompressionEnabled(false)
                .setResponseTimeout(Timeout.of(timeout));
        if (index + 1 < targets.size()) {
            limitConnect(config, (deadlineNanos - deadlines.nanoTime()) / (targets.size() - index));
        }
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(config.build());
        return context;
    }

    @SuppressWarnings("deprecation") // a single request has no other connect timeout
    private static void limitConnect(RequestConfig.Builder config, long nanos) {
        config.setConnectTimeout(
                Timeout.ofMilliseconds(Math.max(1, Duration.ofNanos(nanos).toMillis())));
    }

    private static String reason(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
