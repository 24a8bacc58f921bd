package io.github.lbkit.http.internal.client;

import org.apache.hc.client5.http.HttpRoute;

/** Closes the idle connections of a route in a client's own pool of connections. Does not block for longer than a moment. */
@FunctionalInterface
interface Evictor {
    void evict(HttpRoute route);
}
