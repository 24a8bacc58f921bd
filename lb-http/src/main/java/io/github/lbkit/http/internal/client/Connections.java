package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.http.internal.upstream.InstanceKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client's connections to the servers of one balancer, by instance: closes those to what has left. Thread-safe.
 *
 * <p>The balancer knows it weakly, so that a client that is dropped is not kept by the balancer it has asked.
 */
final class Connections implements InstanceListener {
    private final Map<InstanceKey, Used> used = new ConcurrentHashMap<>();

    private final ResponseTimer timer;

    private Connections(ResponseTimer timer) {
        this.timer = timer;
    }

    static Connections following(LoadBalancer balancer, ClientSettings settings) {
        Connections connections = new Connections(
                new ResponseTimer(balancer, settings.responseLimit().time()));
        WeakFollower.follow(balancer, connections);
        return connections;
    }

    /** Begins an attempt of this request; an attempt that can be sent again is given up when its server is lost. */
    Running begin(Attempt attempt, BalancedRequest request, ClientSettings settings) {
        Used instance = used(InstanceKey.of(attempt.server(), attempt.instance()));
        Running running = new Running(
                attempt,
                instance.way(request.asked()),
                instance,
                settings,
                request.rule().mayRepeatSent(),
                settings.limits(request.callers()) ? timer : null);
        instance.began(running);
        return running;
    }

    private Used used(InstanceKey key) {
        Used known = used.get(key); // which locks nothing
        return known != null ? known : used.computeIfAbsent(key, k -> new Used(k.address()));
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        Set<InstanceKey> ready = InstanceKey.ready(after);
        Set<InstanceKey> present = InstanceKey.present(after);
        used.forEach((key, instance) -> {
            if (ready.contains(key)) {
                instance.stay();
            } else {
                instance.leave();
            }
            if (!present.contains(key) && instance.isIdle()) {
                used.remove(key, instance);
            }
        });
    }

    @Override
    public void instanceLost(Server server, Instance instance) {
        Used lost = used.get(InstanceKey.of(server, instance));
        if (lost != null) {
            lost.lose();
        }
    }
}
