package io.github.lbkit.http.internal.proxy;

import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.admission.ConnectionLimit;
import io.github.lbkit.http.internal.exchange.Exchanges;
import io.github.lbkit.http.internal.exchange.Forwarding;
import io.github.lbkit.http.internal.exchange.ForwardingSettings;
import io.github.lbkit.http.internal.exchange.OutputBuffer;
import io.github.lbkit.http.internal.exchange.ParserPool;
import io.github.lbkit.http.internal.h1.Http1Context;
import io.github.lbkit.http.internal.h1.ResponseWriter;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.upstream.UpstreamPool;
import io.github.lbkit.http.internal.wire.write.RequestIds;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One loop of a proxy: the event loop, its client connections, and its connections to servers.
 *
 * @param loop the event loop
 * @param clients the client connections of the loop
 * @param upstreams the connections of the loop to servers
 */
public record ProxyLoop(EventLoop loop, ClientConnections clients, UpstreamPool upstreams) {
    /**
     * Creates a loop and connects its parts.
     *
     * @param limit the limit of client connections of all loops
     * @param time the time of Date fields
     */
    public static ProxyLoop create(
            EventLoop loop, UpstreamPool upstreams, ProxySettings settings, ConnectionLimit limit, InstantSource time) {
        OutputBuffer output = new OutputBuffer();
        Http1Context context = new Http1Context(
                loop,
                settings.http1(),
                new Exchanges(loop, forwarding(loop, upstreams, settings, output), settings.local(), settings.logs()),
                settings.logs(),
                output,
                ParserPool.ofRequests(settings.http1().limits()),
                RequestIds.withRandomSeed(),
                new ResponseWriter(time, settings.http1().security().hstsSeconds()));
        ClientOpener opener = new ClientOpener(
                context,
                settings.proxyProtocol(),
                settings.tls(),
                settings.tls().loop(loop));
        return new ProxyLoop(loop, new ClientConnections(loop, limit, opener), upstreams);
    }

    private static @Nullable Forwarding forwarding(
            EventLoop loop, UpstreamPool upstreams, ProxySettings settings, OutputBuffer output) {
        ForwardingSettings forwarding = settings.forwarding();
        return forwarding == null
                ? null
                : new Forwarding(forwarding, loop, upstreams, ParserPool.ofResponses(forwarding.limits()), output);
    }

    /**
     * Returns the completion of a stop: the last client connection has ended, and unused connections to servers are
     * closed.
     */
    CompletableFuture<StopReport> stopped() {
        return clients.stopped().thenApply(report -> {
            upstreams.close();
            return report;
        });
    }
}
