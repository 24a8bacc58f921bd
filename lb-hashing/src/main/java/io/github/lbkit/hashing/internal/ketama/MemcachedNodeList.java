package io.github.lbkit.hashing.internal.ketama;

import io.github.lbkit.api.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A parser of node lists in the configuration of memcached clients. Used once, by one thread. */
public final class MemcachedNodeList {
    /** A node with an optional weight after a second colon, or after a slash and a question mark. */
    private static final Pattern NODE =
            Pattern.compile("(?:--SERVER=)?(.+?)(?:/\\?([0-9]+)|(?<=:[0-9]{1,5}):([0-9]+))?");

    private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
    private static final int MAX_DIGITS = 9;

    private final KetamaVariant variant;
    private final Map<String, Member> members = new LinkedHashMap<>();

    private MemcachedNodeList(KetamaVariant variant) {
        this.variant = variant;
    }

    /** Returns the members of a list, in the order of the list. */
    public static List<Member> members(String nodes, KetamaVariant variant) {
        MemcachedNodeList list = new MemcachedNodeList(variant);
        for (String part : nodes.split(",", -1)) {
            String stripped = part.strip();
            if (!stripped.isEmpty()) {
                list.addNodes(List.of(stripped.split("\\s+")));
            }
        }
        return List.copyOf(list.members.values());
    }

    /** Parses the nodes between two commas, each with an optional weight after it. */
    private void addNodes(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String node = words.get(i);
            boolean hasWeight = i + 1 < words.size() && isNumber(words.get(i + 1));
            if (isNumber(node)) {
                throw refused(node, "is a number without a node before it");
            }
            if (i > 0 && node.indexOf(':') < 0) {
                throw refused(
                        node, "has no port, so it may be a name of the node before it; write a comma between nodes");
            }
            add(node, hasWeight ? words.get(++i) : "");
        }
    }

    private void add(String node, String separateWeight) {
        Matcher parts = NODE.matcher(node);
        if (!parts.matches()) {
            throw refused(node, "is not host:port");
        }
        String inlineWeight = parts.group(2) != null ? parts.group(2) : parts.group(3) != null ? parts.group(3) : "";
        if (!inlineWeight.isEmpty() && !separateWeight.isEmpty()) {
            throw refused(node + " " + separateWeight, "has two weights");
        }
        String id = id(node, parts.group(1));
        String weight = inlineWeight.isEmpty() ? separateWeight : inlineWeight;
        if (members.putIfAbsent(id, new Member(id, weight(node, weight))) != null) {
            throw refused(node, "occurs twice");
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
                    "is a name, and spymemcached hashes the address too; write it as String.valueOf(InetSocketAddress)"
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
        return new IllegalArgumentException("node '" + node + "' of the node list " + why
                + "; an example of a list is '10.0.1.1:11211 600, 10.0.1.2:11211 300'");
    }
}
