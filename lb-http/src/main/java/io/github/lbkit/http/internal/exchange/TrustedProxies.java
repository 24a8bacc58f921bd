package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of this proxy whose forwarding fields are believed. Immutable.
 *
 * @param networks where those proxies are
 */
public record TrustedProxies(List<Cidr> networks) {
    /** Copies. */
    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /** Returns whether the address is one of a trusted proxy. */
    boolean trusts(InetAddress address) {
        for (Cidr network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the client of a request that a trusted proxy has sent: the first address of X-Forwarded-For, from the right, that is not a
     * trusted proxy's, or the leftmost. An entry that is no address ends the search at the entry before.
     */
    InetAddress client(InetAddress peer, Head head) {
        InetAddress client = peer;
        int next = lineBefore(head, head.fieldCount());
        while (next >= 0) {
            String[] entries = head.value(next).split(",", -1);
            for (int i = entries.length - 1; i >= 0; i--) {
                String entry = entries[i].strip();
                if (entry.isEmpty()) {
                    continue; // an empty element of a list says nothing (RFC 9110 5.6.1)
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

    /** Reads an address with or without brackets and a port, as proxies write it. */
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
