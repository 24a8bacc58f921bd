package io.github.lbkit.api.internal.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** IP addresses in text form. Stateless. */
public final class Literals {
    private static final int BYTES = 4;
    private static final int MOST_DIGITS = 3;
    private static final int MOST_VALUE = 255;

    private Literals() {}

    /** Returns the address that a host is; empty if the host is a name or not well formed. */
    public static Optional<InetAddress> find(String host) {
        try {
            return Optional.ofNullable(parse(host));
        } catch (UnknownHostException notWellFormed) {
            return Optional.empty();
        }
    }

    /**
     * Returns the address that a host is, or null if the host is a name.
     *
     * @throws UnknownHostException if the host contains a colon, which no name does, and is not an IPv6 address
     */
    static @Nullable InetAddress parse(String host) throws UnknownHostException {
        if (host.indexOf(':') >= 0) {
            try {
                return InetAddress.getByName(host); // a text with a colon is never looked up
            } catch (UnknownHostException e) {
                throw refused(host, e);
            }
        }
        byte[] four = ipv4(host);
        return four == null ? null : InetAddress.getByAddress(four);
    }

    private static UnknownHostException refused(String host, UnknownHostException cause) {
        UnknownHostException refused =
                new UnknownHostException("'" + host + "' is not an IPv6 address: " + cause.getMessage());
        refused.initCause(cause);
        return refused;
    }

    /** The bytes of four decimal numbers with dots between them; null if the text is anything else. */
    private static byte @Nullable [] ipv4(String host) {
        byte[] four = new byte[BYTES];
        int at = 0;
        for (int i = 0; i < BYTES; i++) {
            int end = i == BYTES - 1 ? host.length() : host.indexOf('.', at);
            int value = number(host, at, end);
            if (value < 0) {
                return null;
            }
            four[i] = (byte) value;
            at = end + 1;
        }
        return four;
    }

    private static int number(String text, int from, int to) {
        if (to <= from || to - from > MOST_DIGITS) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = 10 * value + digit - '0';
        }
        return value <= MOST_VALUE ? value : -1;
    }
}
