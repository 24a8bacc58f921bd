package io.github.lbkit.http.internal.peer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A parser and formatter of IP addresses. It never looks up a name. Stateless. */
public final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    /** Parses an IPv4 address, or an IPv6 address without brackets and zone. Returns null if the text is neither. */
    public static @Nullable InetAddress parse(String text) {
        byte[] bytes = text.indexOf(':') < 0 ? four(text) : sixteen(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    private static byte @Nullable [] four(String text) {
        byte[] bytes = new byte[4];
        int at = 0;
        for (int part = 0; part < 4; part++) {
            int value = 0;
            int start = at;
            while (at < text.length() && at - start < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = value * 10 + text.charAt(at++) - '0';
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            boolean ends = part < 3 ? at < text.length() && text.charAt(at++) == '.' : at == text.length();
            if (at == start || value > 255 || leadingZero || !ends || (part < 3 && at - start < 2)) {
                return null;
            }
            bytes[part] = (byte) value;
        }
        return bytes;
    }

    private static byte @Nullable [] sixteen(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, GROUPS, true);
        }
        byte[] head = groups(text.substring(0, gap), -1, false);
        byte[] tail = groups(text.substring(gap + 2), -1, true);
        if (head == null || tail == null || head.length + tail.length > 2 * (GROUPS - 1)) {
            return null;
        }
        byte[] bytes = new byte[2 * GROUPS];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, bytes.length - tail.length, tail.length);
        return bytes;
    }

    /**
     * Parses groups of hexadecimal digits between colons.
     *
     * @param count the required number of groups; -1 for any number, including 0
     * @param mayEndInFour whether the last two groups may be an IPv4 address
     */
    private static byte @Nullable [] groups(String text, int count, boolean mayEndInFour) {
        if (text.isEmpty()) {
            return count < 0 ? new byte[0] : null;
        }
        String[] parts = text.split(":", -1);
        byte[] last = mayEndInFour ? four(parts[parts.length - 1]) : null;
        int plain = last == null ? parts.length : parts.length - 1;
        int size = plain + (last == null ? 0 : 2);
        if (size > GROUPS || (count >= 0 && size != count)) {
            return null;
        }
        byte[] bytes = new byte[2 * size];
        for (int i = 0; i < plain; i++) {
            if (!parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                return null;
            }
            int group = Integer.parseInt(parts[i], 16);
            bytes[2 * i] = (byte) (group >> 8);
            bytes[2 * i + 1] = (byte) group;
        }
        if (last != null) {
            System.arraycopy(last, 0, bytes, 2 * plain, last.length);
        }
        return bytes;
    }

    /**
     * Returns the address in the form of RFC 5952: IPv6 in lower case, with the longest run of zeros shortened, without
     * a zone.
     */
    public static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int longest = 1; // a single zero is not shortened
        int from = -1;
        for (int i = 0; i < GROUPS; i++) {
            int run = zeros(groups, i);
            if (run > longest) {
                longest = run;
                from = i;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == from) {
                text.append("::");
                i += longest - 1;
            } else {
                boolean separated = i == 0 || text.charAt(text.length() - 1) == ':';
                text.append(separated ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static int zeros(int[] groups, int from) {
        int at = from;
        while (at < GROUPS && groups[at] == 0) {
            at++;
        }
        return at - from;
    }
}
