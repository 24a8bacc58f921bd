package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.ServerStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The judge of which servers are fit: a listener that remembers why the pool lost a server last, and whether fail-open is on.
 * Thread-safe.
 */
public final class Fitnesses implements LoadBalancerListener {
    private static final int MOST_REASONS = 4096;

    /** Why the server's last instance was lost or not launched, by id; an entry ends when an instance is ready. */
    private final Map<String, String> lost = new ConcurrentHashMap<>();

    /** Written by the balancer's listener calls, read by the endpoints. */
    private volatile boolean failOpen;

    /** Nothing is known yet. */
    public Fitnesses() {}

    /** Judges one server. */
    Fitness of(ServerStatus status) {
        return Fitness.of(status, lost.getOrDefault(status.server().id(), ""));
    }

    /** Returns whether health and ejections are ignored because too few servers are fit. */
    boolean failOpen() {
        return failOpen;
    }

    @Override
    public void failOpenChanged(boolean begun, int fit, int eligible) {
        failOpen = begun;
    }

    @Override
    public void poolEvent(PoolEvent event) {
        if (event instanceof PoolEvent.Ready ready) {
            lost.remove(ready.id());
        } else if (event instanceof PoolEvent.Lost gone) {
            remember(gone.id(), gone.generation(), "was lost: " + gone.reason());
        } else if (event instanceof PoolEvent.LaunchFailed failed) {
            remember(failed.id(), failed.generation(), "could not be launched: " + failed.reason());
        } else if (event instanceof PoolEvent.Stopped stopped) {
            lost.remove(stopped.id());
        }
    }

    private void remember(String id, long generation, String what) {
        if (lost.size() >= MOST_REASONS) {
            lost.clear(); // servers that have left; what is forgotten of others returns with their next failure
        }
        lost.put(id, "generation " + generation + " " + what);
    }
}
