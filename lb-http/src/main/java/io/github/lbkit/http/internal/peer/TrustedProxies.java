package io.github.lbkit.http.internal.peer;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.ForwardedElements;
import io.github.lbkit.http.internal.wire.Head;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trusted proxies in front of this proxy. Forwarding fields of their requests are used; those of others are
 * dropped. Immutable.
 *
 * @param networks the networks of the trusted proxies
 */
public record TrustedProxies(List<Cidr> networks) {
    private static final Pattern HIDDEN_PORT = Pattern.compile(":_[A-Za-z0-9._-]+$");

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
     * Returns the client of a request that a trusted proxy has sent. The search goes through a field from the right,
     * and returns the first address that is not trusted, or else the leftmost address. An entry that is no address,
     * such as {@code unknown}, ends the search with the entry found before.
     *
     * @param field {@link FieldName#X_FORWARDED_FOR} or {@link FieldName#FORWARDED}
     */
    public InetAddress client(InetAddress peer, Head head, int field) {
        if (head.find(field) < 0) {
            return peer;
        }
        Search search = new Search(peer);
        for (int i = head.fieldCount() - 1; i >= 0 && !search.ended; i--) {
            if (head.known(i) == field && field == FieldName.FORWARDED) {
                search.throughForwarded(head.value(i));
            } else if (head.known(i) == field) {
                search.throughList(head.value(i));
            }
        }
        return search.client;
    }

    /** A search for the client, from the last proxy on. */
    private final class Search {
        private InetAddress client;
        private boolean ended;

        private Search(InetAddress peer) {
            client = peer;
        }

        private void throughList(String value) {
            String[] entries = value.split(",", -1);
            for (int i = entries.length - 1; i >= 0 && !ended; i--) {
                String entry = entries[i].strip();
                if (!entry.isEmpty()) { // empty list elements are ignored (RFC 9110 5.6.1)
                    next(address(entry));
                }
            }
        }

        private void throughForwarded(String value) {
            ForwardedElements elements = new ForwardedElements(value);
            while (!ended && elements.previous()) {
                String node = elements.node();
                next(node == null ? null : nodeAddress(node));
            }
            ended |= !elements.isAtBeginning();
        }

        private void next(@Nullable InetAddress hop) {
            if (hop != null) {
                client = hop;
            }
            ended = hop == null || !trusts(hop);
        }
    }

    /** Parses a node of RFC 7239, section 6. Returns null if it has no address: {@code unknown}, or a hidden one. */
    private static @Nullable InetAddress nodeAddress(String node) {
        String withoutPort = HIDDEN_PORT.matcher(node).replaceFirst("");
        boolean bareV6 = !withoutPort.startsWith("[") && withoutPort.indexOf(':') != withoutPort.lastIndexOf(':');
        return bareV6 ? null : address(withoutPort);
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
