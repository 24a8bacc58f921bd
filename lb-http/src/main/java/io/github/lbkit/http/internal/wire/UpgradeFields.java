package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The Upgrade fields of a head: lists of protocols, each with an optional version (RFC 9110 7.8). Stateless. */
public final class UpgradeFields {
    private static final Set<String> HTTP = Set.of("h2c", "h2", "http");

    /** The longest name of a protocol that is allowed. */
    private static final int LONGEST = 64;

    private UpgradeFields() {}

    /**
     * Returns the names of protocols in lower case.
     *
     * @throws IllegalArgumentException if a name is not a token, or is that of HTTP, whose requests would not be seen
     */
    public static Set<String> checkedNames(Set<String> names) {
        Set<String> checked = new HashSet<>();
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            boolean isToken = bytes.length > 0 && Octets.skip(bytes, 0, bytes.length, Octets.TOKEN) == bytes.length;
            if (!isToken || bytes.length > LONGEST) {
                throw new IllegalArgumentException("upgrade '" + name.replaceAll("[^!-~]", "?")
                        + "' is not a token of 1 to " + LONGEST + " letters, digits and !#$%&'*+-.^_`|~");
            }
            if (HTTP.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "upgrade '" + name + "' is not allowed, because the proxy would not see its requests");
            }
            checked.add(name.toLowerCase(Locale.ROOT));
        }
        return Set.copyOf(checked);
    }

    /** Returns the protocols in their order, as the sender wrote them. */
    public static List<String> protocols(Head head) {
        List<String> protocols = new ArrayList<>(1);
        for (int i = head.find(FieldName.UPGRADE); i >= 0; i = head.findNext(FieldName.UPGRADE, i + 1)) {
            for (String element : head.value(i).split(",", -1)) {
                String protocol = element.strip();
                if (!protocol.isEmpty()) { // empty list elements are ignored (RFC 9110 5.6.1)
                    protocols.add(protocol);
                }
            }
        }
        return protocols;
    }

    /** Returns the name of a protocol, without its version. */
    public static String name(String protocol) {
        int slash = protocol.indexOf('/');
        return slash < 0 ? protocol : protocol.substring(0, slash);
    }
}
