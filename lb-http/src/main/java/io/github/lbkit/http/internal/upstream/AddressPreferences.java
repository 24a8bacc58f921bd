package io.github.lbkit.http.internal.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of an instance that connected while an address before it in the resolver's order did not. New connections try
 * this address first for ten minutes, so that only the first connection waits for the dead address. Confined to its loop.
 */
final class AddressPreferences {
    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();

    private @Nullable InetAddress preferred;
    private long sinceNanos;

    /** The first address of the resolver's latest answer; null before the first answer. */
    private @Nullable InetAddress usual;

    /** Returns the addresses in the order in which a connection tries them. */
    List<InetAddress> inOrder(List<InetAddress> resolved, long now) {
        usual = resolved.get(0);
        InetAddress ahead = preferred;
        if (ahead == null || resolved.size() == 1) {
            return resolved;
        }
        if (now - sinceNanos > KEPT_NANOS || !resolved.contains(ahead)) {
            preferred = null;
            return resolved;
        }
        List<InetAddress> inOrder = new ArrayList<>(resolved);
        inOrder.remove(ahead);
        inOrder.add(0, ahead);
        return inOrder;
    }

    /** Notes which address has connected. */
    void connected(InetAddress address, long now) {
        if (address.equals(usual)) {
            preferred = null;
        } else if (!address.equals(preferred)) {
            preferred = address;
            sinceNanos = now;
        }
    }
}
