package io.github.lbkit.http.internal.proxy;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.http.internal.upstream.ConnectionCaps;
import io.github.lbkit.http.internal.upstream.InstanceKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memberships of all balancers of a proxy. Connections are kept to the instances that any of them knows.
 * Thread-safe.
 */
final class Memberships {
    private static final Logger LOG = LoggerFactory.getLogger(Memberships.class);

    private final ConnectionCaps caps;
    private final Receiver receiver;

    /** One listener for each balancer. Guarded by this. */
    private final List<Listener> listeners = new ArrayList<>();

    /** Instances with an unsupported scheme that were logged. Guarded by this. */
    private final Set<InstanceKey> unsupported = new HashSet<>();

    /** The receiver of changes. */
    interface Receiver {
        /** Handles another set of instances to which requests may be sent. */
        void readyChanged(Set<InstanceKey> ready);

        /** Handles that an instance is lost: requests that wait for it must not wait any longer. */
        void lost(InstanceKey instance);

        /** Handles that an instance has left, and that the time for its requests in flight is over. */
        void left(InstanceKey instance);

        /** Handles that the servers include one that is reached over TLS. Called before {@link #readyChanged}. */
        void needsTls();
    }

    Memberships(ConnectionCaps caps, Receiver receiver) {
        this.caps = caps;
        this.receiver = receiver;
    }

    /** Follows the membership of one more balancer. */
    Subscription follow(LoadBalancer balancer) {
        Listener listener = new Listener();
        synchronized (this) {
            listeners.add(listener);
        }
        Subscription subscription = balancer.follow(listener);
        changed(listener, balancer.membership());
        return subscription;
    }

    private synchronized void changed(Listener listener, Membership newest) {
        if (newest.version() <= listener.membership.version()) {
            return;
        }
        listener.membership = newest;
        logUnsupported(InstanceKey.present(newest));
        Set<InstanceKey> ready = new HashSet<>();
        Set<InstanceKey> present = new HashSet<>();
        for (Listener each : listeners) {
            ready.addAll(InstanceKey.ready(each.membership));
            present.addAll(InstanceKey.present(each.membership));
        }
        caps.retain(present);
        unsupported.retainAll(present);
        if (present.stream().anyMatch(InstanceKey::isSecure)) {
            receiver.needsTls();
        }
        receiver.readyChanged(ready);
    }

    /** Logs each instance with an unsupported scheme once. No connection to it is ever made. */
    private void logUnsupported(Set<InstanceKey> present) {
        for (InstanceKey key : present) {
            if (!key.isSupported() && unsupported.add(key)) {
                LOG.warn("refused: {}", key.unsupportedMessage());
            }
        }
    }

    private synchronized boolean lists(Listener listener, String serverId) {
        return listener.membership.server(serverId).isPresent();
    }

    /** The listener of one balancer. */
    private final class Listener implements InstanceListener {
        /** The newest membership. Guarded by the enclosing object. */
        private Membership membership = Membership.UNKNOWN;

        @Override
        public void membershipChanged(Membership before, Membership after, boolean newTable) {
            changed(this, after);
        }

        @Override
        public void instanceLost(Server server, Instance instance) {
            InstanceKey key = InstanceKey.of(server, instance);
            receiver.lost(key);
            if (!lists(this, server.id())) {
                receiver.left(key);
            }
        }

        @Override
        public void drainExpired(Server server, Instance instance) {
            receiver.left(InstanceKey.of(server, instance));
        }
    }
}
