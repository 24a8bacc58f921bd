package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listener that forwards events to another listener as long as that listener is reachable from elsewhere.
 * Thread-safe.
 */
final class WeakInstanceListener implements InstanceListener {
    private final WeakReference<InstanceListener> listener;

    /**
     * Written once by the subscribing thread, read by the pool's notifier; an event before that write is followed by
     * others.
     */
    private volatile @Nullable Subscription subscription;

    private WeakInstanceListener(InstanceListener listener) {
        this.listener = new WeakReference<>(listener);
    }

    static void follow(LoadBalancer balancer, InstanceListener listener) {
        WeakInstanceListener weak = new WeakInstanceListener(listener);
        weak.subscription = balancer.follow(weak);
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        forward(l -> l.membershipChanged(before, after, newTable));
    }

    @Override
    public void instanceLost(Server server, Instance instance) {
        forward(l -> l.instanceLost(server, instance));
    }

    private void forward(Consumer<InstanceListener> event) {
        InstanceListener reachable = listener.get();
        Subscription subscribed = subscription;
        if (reachable != null) {
            event.accept(reachable);
        } else if (subscribed != null) {
            subscribed.close();
        }
    }
}
