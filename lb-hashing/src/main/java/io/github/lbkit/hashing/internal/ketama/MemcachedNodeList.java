package io.github.lbkit.hashing.internal.ketama;

import io.github.lbkit.api.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads lists of nodes as memcached's clients have them in their configuration. */
public final class MemcachedNodeList {
    /** A node with the weight that some clients write behind a second colon, or behind a slash and a question mark. */
    private static final Pattern NODE =
            Pattern.compile("(?:--SERVER=)?(.+?)(?:/\\?([0-9]+)|(?<=:[0-9]{1,5}):([0-9]+))?");

    private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
    private static final int MAX_DIGITS = 9;

    private final KetamaVariant variant;
    private final Map<String, Member> members = new LinkedHashMap<>();

    private MemcachedNodeList(KetamaVariant variant) {
        this.variant = variant;
    }

    /** The members of this list, in the order of the list. */
    public static List<Member> members(String nodes, KetamaVariant variant) {
        MemcachedNodeList read = new MemcachedNodeList(variant);
        for (String part : nodes.split(",", -1)) {
            String stripped = part.strip();
            if (!stripped.isEmpty()) {
                read.part(List.of(stripped.split("\\s+")));
            }
        }
        return List.copyOf(read.members.values());
    }

    /** Reads the nodes between two commas, each perhaps with its weight behind it. */
    private void part(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String node = words.get(i);
            boolean hasWeight = i + 1 < words.size() && isNumber(words.get(i + 1));
            if (isNumber(node)) {
                throw refused(node, "is a number without a node in front of it");
            }
            if (i > 0 && node.indexOf(':') < 0) {
                throw refused(
                        node,
                        "has no port, so it may be a name of the node in front of it; write a comma between nodes");
            }
            add(node, hasWeight ? words.get(++i) : "");
        }
    }

    private void add(String node, String weightBehind) {
        Matcher parts = NODE.matcher(node);
        if (!parts.matches()) {
            throw refused(node, "is not host:port");
        }
        String within = parts.group(2) != null ? parts.group(2) : parts.group(3) != null ? parts.group(3) : "";
        if (!within.isEmpty() && !weightBehind.isEmpty()) {
            throw refused(node + " " + weightBehind, "has two weights");
        }
        String id = id(node, parts.group(1));
        String weight = within.isEmpty() ? weightBehind : within;
        if (members.putIfAbsent(id, new Member(id, weight(node, weight))) != null) {
            throw refused(node, "is there twice");
        }
    }

    private String id(String node, String server) {
        int slash = variant == KetamaVariant.SPYMEMCACHED ? server.indexOf('/') : -1;
        MemcachedNode address;
        try {
            address = MemcachedNode.of(server.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw refused(node, "is not host:port");
        }
        if (variant != KetamaVariant.SPYMEMCACHED) {
            return address.id();
        }
        if (!IPV4.matcher(address.host()).matches() && address.host().indexOf(':') < 0) {
            throw refused(
                    node,
                    "is a name, and spymemcached hashes its address too; write it as String.valueOf(InetSocketAddress)"
                            + " prints it, such as cache1/10.0.1.1:11211");
        }
        return (slash > 0 ? server.substring(0, slash + 1) : "") + address.id();
    }

    private static int weight(String node, String digits) {
        if (digits.length() > MAX_DIGITS) {
            throw refused(node, "has the weight " + digits + ", which has more than " + MAX_DIGITS + " digits");
        }
        return digits.isEmpty() ? 1 : Math.max(1, Integer.parseInt(digits));
    }

    private static boolean isNumber(String word) {
        return word.matches("[0-9]+");
    }

    private static IllegalArgumentException refused(String node, String why) {
        return new IllegalArgumentException("node '" + node + "' of the list of nodes " + why
                + "; a list is such as '10.0.1.1:11211 600, 10.0.1.2:11211 300'");
    }
}
