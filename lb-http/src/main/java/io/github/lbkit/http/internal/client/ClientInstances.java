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
 * The instances of one balancer as one client uses them. Closes the connections to instances that left the pool.
 * Thread-safe.
 *
 * <p>The balancer refers to this listener weakly, so that the balancer does not keep a discarded client in memory.
 */
public final class ClientInstances implements InstanceListener {
    private final Map<InstanceKey, ClientInstance> instances = new ConcurrentHashMap<>();
    private final ResponseTimer timer;

    private ClientInstances(ResponseTimer timer) {
        this.timer = timer;
    }

    static ClientInstances following(LoadBalancer balancer, ClientSettings settings) {
        ClientInstances followed = new ClientInstances(
                new ResponseTimer(balancer, settings.responseLimit().time()));
        WeakInstanceListener.follow(balancer, followed);
        return followed;
    }

    /** Begins an attempt of a request. */
    ClientAttempt begin(Attempt attempt, BalancedRequest request, ClientSettings settings) {
        ClientInstance instance = instance(InstanceKey.of(attempt.server(), attempt.instance()));
        ClientAttempt begun = new ClientAttempt(
                attempt,
                instance.route(request.route()),
                instance,
                settings,
                request.rule().mayRetrySent(),
                settings.limits(request.config()) ? timer : null);
        instance.began(begun);
        return begun;
    }

    private ClientInstance instance(InstanceKey key) {
        ClientInstance known = instances.get(key); // takes no lock
        return known != null ? known : instances.computeIfAbsent(key, k -> new ClientInstance(k.address()));
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        Set<InstanceKey> ready = InstanceKey.ready(after);
        Set<InstanceKey> present = InstanceKey.present(after);
        instances.forEach((key, instance) -> {
            if (ready.contains(key)) {
                instance.markReady();
            } else {
                instance.markLeft();
            }
            if (!present.contains(key) && instance.isIdle()) {
                instances.remove(key, instance);
            }
        });
    }

    @Override
    public void instanceLost(Server server, Instance instance) {
        ClientInstance lost = instances.get(InstanceKey.of(server, instance));
        if (lost != null) {
            lost.markLost();
        }
    }
}
