package io.github.lbkit.http.internal.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The preferred address of an instance: the address that connected when an earlier address of the resolver's answer did
 * not. New connections try it first for ten minutes, so that only the first connection waits for a dead address.
 * Confined to its loop.
 */
final class AddressPreferences {
    private static final long PREFERENCE_NANOS = Duration.ofMinutes(10).toNanos();

    private @Nullable InetAddress preferred;
    private long sinceNanos;

    /** The first address of the resolver's latest answer; null before the first answer. */
    private @Nullable InetAddress first;

    /** Returns the addresses in the order in which a connection tries them. */
    List<InetAddress> inOrder(List<InetAddress> resolved, long now) {
        first = resolved.get(0);
        InetAddress candidate = preferred;
        if (candidate == null || resolved.size() == 1) {
            return resolved;
        }
        if (now - sinceNanos > PREFERENCE_NANOS || !resolved.contains(candidate)) {
            preferred = null;
            return resolved;
        }
        List<InetAddress> inOrder = new ArrayList<>(resolved);
        inOrder.remove(candidate);
        inOrder.add(0, candidate);
        return inOrder;
    }

    /** Notes that a connection to this address was made. */
    void connected(InetAddress address, long now) {
        if (address.equals(first)) {
            preferred = null;
        } else if (!address.equals(preferred)) {
            preferred = address;
            sinceNanos = now;
        }
    }
}
