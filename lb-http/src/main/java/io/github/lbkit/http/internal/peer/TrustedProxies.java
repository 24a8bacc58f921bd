package io.github.lbkit.http.internal.peer;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trusted proxies in front of this proxy. Forwarding fields of their requests are used; those of others are
 * dropped. Immutable.
 *
 * @param networks the networks of the trusted proxies
 */
public record TrustedProxies(List<Cidr> networks) {
    /** Copies the list. */
    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /** Returns whether the address belongs to a trusted proxy. */
    public boolean trusts(InetAddress address) {
        for (Cidr network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the client of a request that a trusted proxy has sent. The search goes through X-Forwarded-For from the
     * right, and returns the first address that is not trusted, or else the leftmost address. An entry that is no
     * address ends the search with the entry found before.
     */
    public InetAddress client(InetAddress peer, Head head) {
        InetAddress client = peer;
        int next = lineBefore(head, head.fieldCount());
        while (next >= 0) {
            String[] entries = head.value(next).split(",", -1);
            for (int i = entries.length - 1; i >= 0; i--) {
                String entry = entries[i].strip();
                if (entry.isEmpty()) {
                    continue; // empty list elements are ignored (RFC 9110 5.6.1)
                }
                InetAddress hop = address(entry);
                if (hop == null) {
                    return client;
                }
                client = hop;
                if (!trusts(hop)) {
                    return client;
                }
            }
            next = lineBefore(head, next);
        }
        return client;
    }

    private static int lineBefore(Head head, int line) {
        int at = line - 1;
        while (at >= 0 && head.known(at) != FieldName.X_FORWARDED_FOR) {
            at--;
        }
        return at;
    }

    /** Parses an address with or without brackets and a port. Returns null if the text is none. */
    private static @Nullable InetAddress address(String entry) {
        if (entry.startsWith("[")) {
            int end = entry.indexOf(']');
            boolean valid = end > 0 && entry.indexOf(':') < end && isPortOrNothing(entry.substring(end + 1));
            return valid ? IpText.parse(entry.substring(1, end)) : null;
        }
        int colon = entry.indexOf(':');
        boolean withPort = colon >= 0 && entry.indexOf(':', colon + 1) < 0;
        if (!withPort) {
            return IpText.parse(entry);
        }
        return isPortOrNothing(entry.substring(colon)) ? IpText.parse(entry.substring(0, colon)) : null;
    }

    private static boolean isPortOrNothing(String text) {
        return text.isEmpty() || text.matches(":[0-9]{1,5}");
    }
}
