package io.github.lbkit.api.internal;

import java.util.regex.Pattern;

/**
 * The syntax of hosts: an IPv4 address of four numbers, an IPv6 address (RFC 4291, section 2.2; a zone may follow), or
 * a name of RFC 1123. Names may contain '_', since names of containers and services do.
 */
public final class HostSyntax {
    /** The allowed hosts, for messages. */
    public static final String ALLOWED = "an IPv4 or IPv6 address, or a name of letters, digits, '-', '_' and '.'";

    private static final int MOST_CHARACTERS = 253;
    private static final int GROUPS = 8;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern OCTET = Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]");
    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._~-]+");

    private HostSyntax() {}

    /** Returns whether the text is a valid host. */
    public static boolean isHost(String host) {
        return host.indexOf(':') >= 0 ? isIpv6(host) : isIpv4OrName(host);
    }

    private static boolean isIpv4OrName(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String[] labels = name.split("\\.", -1);
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            return isIpv4(host); // no name ends with a number (RFC 3696, section 2): resolvers would read an address
        }
        if (name.length() > MOST_CHARACTERS) {
            return false;
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv4(String text) {
        String[] numbers = text.split("\\.", -1);
        if (numbers.length != 4) {
            return false;
        }
        for (String number : numbers) {
            if (!OCTET.matcher(number).matches()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv6(String text) {
        int percent = text.indexOf('%');
        String address = percent < 0 ? text : text.substring(0, percent);
        if (percent >= 0 && !ZONE.matcher(text.substring(percent + 1)).matches()) {
            return false;
        }
        int gap = address.indexOf("::");
        if (gap < 0) {
            return groups(address, true) == GROUPS;
        }
        String before = address.substring(0, gap);
        String after = address.substring(gap + 2);
        int left = before.isEmpty() ? 0 : groups(before, false);
        int right = after.isEmpty() ? 0 : groups(after, true);
        return left >= 0 && right >= 0 && left + right < GROUPS;
    }

    /** Returns the number of 16-bit groups; -1 if the text is invalid. The last two groups may be an IPv4 address. */
    private static int groups(String text, boolean atEnd) {
        String[] groups = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < groups.length; i++) {
            if (GROUP.matcher(groups[i]).matches()) {
                count++;
            } else if (atEnd && i == groups.length - 1 && isIpv4(groups[i])) {
                count += 2;
            } else {
                return -1;
            }
        }
        return count;
    }
}
