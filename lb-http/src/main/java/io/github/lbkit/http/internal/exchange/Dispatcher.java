package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.write.MaxForwards;

/** Where a request goes: to the route of its path, to a server, to the fallback, or nowhere. Stateless. */
final class Dispatcher {
    private Dispatcher() {}

    static Exchange exchange(Worker worker, ClientConnection client, ClientRequest request) {
        ProxySettings settings = worker.settings();
        Head head = request.head();
        Route route = settings.routes().find(head.bytes(), head.pathStart(), head.targetEnd());
        CallSource calls = settings.calls();
        if (route == null && calls != null) {
            if (MaxForwards.of(head) == 0) {
                return new RefusedExchange(worker, client, request, LastRecipient.answer(head));
            }
            return new ProxiedExchange(worker, client, request, calls.call(request.view()));
        }
        if (route == null) {
            route = settings.fallback();
        }
        return route == null
                ? new RefusedExchange(worker, client, request, FailureResponses.NOT_FOUND)
                : new LocalExchange(worker, client, request, route);
    }
}
