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

/** Passes on what happens to a listener for as long as somebody else holds it. */
final class WeakFollower implements InstanceListener {
    private final WeakReference<InstanceListener> listener;

    /** Written once by the thread that follows, read by the pool's notifier; a call in between comes again. */
    private volatile @Nullable Subscription subscription;

    private WeakFollower(InstanceListener listener) {
        this.listener = new WeakReference<>(listener);
    }

    static void follow(LoadBalancer balancer, InstanceListener listener) {
        WeakFollower follower = new WeakFollower(listener);
        follower.subscription = balancer.follow(follower);
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        tell(l -> l.membershipChanged(before, after, newTable));
    }

    @Override
    public void instanceLost(Server server, Instance instance) {
        tell(l -> l.instanceLost(server, instance));
    }

    private void tell(Consumer<InstanceListener> what) {
        InstanceListener held = listener.get();
        Subscription mine = subscription;
        if (held != null) {
            what.accept(held);
        } else if (mine != null) {
            mine.close();
        }
    }
}
