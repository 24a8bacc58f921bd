package io.github.lbkit.api.internal.names;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The order in which a client tries addresses of two families. Stateless. */
final class Families {
    private Families() {}

    /**
     * Returns each address once, with the families alternating from that of the first address on (RFC 8305, section 4).
     */
    static List<InetAddress> alternating(List<InetAddress> addresses) {
        Set<InetAddress> distinct = new LinkedHashSet<>(addresses);
        Deque<InetAddress> firstFamily = new ArrayDeque<>();
        Deque<InetAddress> otherFamily = new ArrayDeque<>();
        for (InetAddress address : distinct) {
            boolean first = address.getClass() == addresses.get(0).getClass();
            (first ? firstFamily : otherFamily).add(address);
        }
        List<InetAddress> ordered = new ArrayList<>(distinct.size());
        while (!firstFamily.isEmpty() || !otherFamily.isEmpty()) {
            if (!firstFamily.isEmpty()) {
                ordered.add(firstFamily.remove());
            }
            if (!otherFamily.isEmpty()) {
                ordered.add(otherFamily.remove());
            }
        }
        return List.copyOf(ordered);
    }
}
