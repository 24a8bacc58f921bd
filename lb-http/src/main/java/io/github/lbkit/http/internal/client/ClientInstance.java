package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Address;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.HttpRoute;

/** The routes of one client to one instance, and the attempts in progress there. Thread-safe. */
public final class ClientInstance {
    private final Set<ClientAttempt> attempts = ConcurrentHashMap.newKeySet();

    /** The routes to the instance by the route to the logical name. */
    private final Map<HttpRoute, ServerRoute> routes = new ConcurrentHashMap<>();

    private final Address address;

    /** Written by the pool's notifier, read by the threads that end attempts. */
    private volatile boolean left;

    ClientInstance(Address address) {
        this.address = address;
    }

    void began(ClientAttempt attempt) {
        attempts.add(attempt);
    }

    /** Returns the route to the instance for requests to a logical name. */
    ServerRoute route(HttpRoute toName) {
        ServerRoute known = routes.get(toName); // takes no lock
        return known != null ? known : routes.computeIfAbsent(toName, route -> ServerRoute.to(address, route));
    }

    void ended(ClientAttempt attempt) {
        attempts.remove(attempt);
        if (left) {
            evict();
        }
    }

    /** Returns whether the instance receives no new requests, so that its connections are closed after use. */
    public boolean hasLeft() {
        return left;
    }

    /** Returns whether no attempt is in progress. */
    boolean isIdle() {
        return attempts.isEmpty();
    }

    /** Notes that the instance receives new requests. */
    void markReady() {
        left = false;
    }

    /** Notes that the instance receives no new requests, and closes its idle connections. */
    void markLeft() {
        if (!left) {
            left = true;
            evict();
        }
    }

    /** Closes the idle connections, and moves the attempts that may be retried to other servers. */
    void markLost() {
        evict();
        attempts.forEach(ClientAttempt::serverLost);
    }

    /** Closes the idle connections. */
    public void evict() {
        routes.values().forEach(ServerRoute::evict);
    }
}
