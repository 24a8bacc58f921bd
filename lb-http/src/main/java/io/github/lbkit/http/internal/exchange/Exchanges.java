package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import io.github.lbkit.http.internal.outcome.FailureResponses;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.write.MaxForwards;
import org.jspecify.annotations.Nullable;

/**
 * The factory of the exchanges of one loop. A request goes to the route of its path, to a server, to the fallback, or
 * gets 404. Confined to its loop.
 */
public final class Exchanges {
    private final EventLoop loop;
    private final @Nullable Forwarding forwarding;
    private final LocalSettings local;
    private final ExchangeLogs logs;

    /**
     * Creates a factory.
     *
     * @param forwarding the means to forward requests to servers; null for a proxy without servers
     */
    public Exchanges(EventLoop loop, @Nullable Forwarding forwarding, LocalSettings local, ExchangeLogs logs) {
        this.loop = loop;
        this.forwarding = forwarding;
        this.local = local;
        this.logs = logs;
    }

    /** Returns the exchange of a request. */
    public Exchange create(ClientStream stream, ClientRequest request) {
        Head head = request.head();
        Route route = local.routes().find(head.bytes(), head.pathStart(), head.targetEnd());
        if (route == null && forwarding != null) {
            if (MaxForwards.of(head) == 0) {
                return refused(stream, request, LastRecipient.response(head));
            }
            return new ProxiedExchange(
                    stream,
                    request,
                    logs,
                    forwarding,
                    forwarding.settings().calls().call(request.view()));
        }
        if (route == null) {
            route = local.fallback();
        }
        return route == null
                ? refused(stream, request, FailureResponses.NOT_FOUND)
                : new LocalExchange(stream, request, logs, local, loop, route);
    }

    /** Returns an exchange that only sends this response. */
    public Exchange refused(ClientStream stream, ClientRequest request, LocalResponse response) {
        return new RefusedExchange(stream, request, logs, response);
    }
}
