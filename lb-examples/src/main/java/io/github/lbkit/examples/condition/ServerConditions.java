package io.github.lbkit.examples.condition;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.explain.ServerStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The conditions of all servers of a balancer: a listener that keeps the last reported loss of each server, and whether
 * fail-open is on. Thread-safe.
 */
public final class ServerConditions implements LoadBalancerListener {
    private static final int MAX_REASONS = 4096;

    /** The reason of the last loss or failed launch, by server id; removed when an instance is ready. */
    private final Map<String, String> lossReasons = new ConcurrentHashMap<>();

    /** True while fail-open is on. Written by the events of the balancer, read by the endpoints. */
    private volatile boolean failOpen;

    /** Creates an empty record; it must be a listener of the balancer. */
    public ServerConditions() {}

    /** Returns the condition of a server. */
    public ServerCondition of(ServerStatus status) {
        return ServerCondition.of(
                status, lossReasons.getOrDefault(status.server().id(), ""));
    }

    /** Returns whether health and ejections are ignored because too few servers are fit. */
    public boolean failOpen() {
        return failOpen;
    }

    @Override
    public void failOpenChanged(boolean begun, int fit, int eligible) {
        failOpen = begun;
    }

    @Override
    public void poolEvent(PoolEvent event) {
        if (event instanceof PoolEvent.Ready ready) {
            lossReasons.remove(ready.id());
        } else if (event instanceof PoolEvent.Lost lost) {
            keep(lost.id(), lost.generation(), "was lost: " + lost.reason());
        } else if (event instanceof PoolEvent.LaunchFailed failed) {
            keep(failed.id(), failed.generation(), "could not be launched: " + failed.reason());
        } else if (event instanceof PoolEvent.Stopped stopped) {
            lossReasons.remove(stopped.id());
        }
    }

    private void keep(String id, long generation, String reason) {
        if (lossReasons.size() >= MAX_REASONS) {
            lossReasons
                    .clear(); // drops the entries of servers that have left; the next failure of any other server adds
            // its entry again
        }
        lossReasons.put(id, "generation " + generation + " " + reason);
    }
}
