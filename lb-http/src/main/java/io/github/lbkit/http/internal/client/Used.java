package io.github.lbkit.http.internal.client;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.hc.client5.http.HttpRoute;

/** What one client has to do with one instance: the ways it went there, and its attempts in progress. Thread-safe. */
final class Used {
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final Map<HttpRoute, Evictor> ways = new ConcurrentHashMap<>();

    /** Written by the pool's notifier, read by whoever ends an attempt. */
    private volatile boolean gone;

    void began(Running attempt) {
        running.add(attempt);
    }

    /** Connections of this route are closed by the first evictor that is given for it. */
    void goes(HttpRoute route, Supplier<Evictor> evictor) {
        ways.computeIfAbsent(route, way -> evictor.get());
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
        ways.forEach((route, evictor) -> evictor.evict(route));
    }
}
