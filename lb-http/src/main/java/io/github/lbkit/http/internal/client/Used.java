package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Address;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.HttpRoute;

/** What one client has to do with one instance: the ways it went there, and its attempts in progress. Thread-safe. */
final class Used {
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    /** By the route that was asked for. */
    private final Map<HttpRoute, Way> ways = new ConcurrentHashMap<>();

    private final Address address;

    /** Written by the pool's notifier, read by whoever ends an attempt. */
    private volatile boolean gone;

    Used(Address address) {
        this.address = address;
    }

    void began(Running attempt) {
        running.add(attempt);
    }

    /** How a request that asked for this route goes there. */
    Way way(HttpRoute asked) {
        Way known = ways.get(asked); // which locks nothing
        return known != null ? known : ways.computeIfAbsent(asked, route -> Way.to(address, route));
    }

    void ended(Running attempt) {
        running.remove(attempt);
        if (gone) {
            evict();
        }
    }

    /** Whether no new request goes to the instance, so that no connection to it is worth keeping. */
    boolean isGone() {
        return gone;
    }

    /** Whether no attempt is in progress. */
    boolean isIdle() {
        return running.isEmpty();
    }

    /** New requests go to the instance, for the first time or again. */
    void stay() {
        gone = false;
    }

    void leave() {
        if (!gone) {
            gone = true;
            evict();
        }
    }

    /** Attempts that can be repeated go to other servers at once. */
    void lose() {
        evict();
        running.forEach(Running::lose);
    }

    void evict() {
        ways.values().forEach(Way::evict);
    }
}
