package io.github.lbkit.api.pool;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.UnixPath;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.internal.pool.ServerIds;
import io.github.lbkit.api.internal.pool.ServerUri;
import io.github.lbkit.api.pool.spi.ListedServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parser of server lists, one server a line: {@code id host:port name=value…} or {@code id unix:/path
 * name=value…}. Malformed text is rejected as a whole.
 */
final class ServerLines {
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");
    private static final Pattern OUTER_BLANKS = Pattern.compile("^\\s+|\\s+$");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern HOST_PORT = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]+)):([0-9]{1,5})");
    private static final Set<String> OF_ADDRESS = Set.of(Address.SCHEME, Address.SNI);

    private final String file;
    private final int number;

    private ServerLines(String file, int number) {
        this.file = file;
        this.number = number;
    }

    /**
     * Returns the servers of this text, in its order.
     *
     * @throws IllegalArgumentException if a line is malformed or there is no server; the message names the file, the
     *     first malformed line and the reason
     */
    static List<ListedServer> parse(String file, String text) {
        List<ListedServer> servers = new ArrayList<>();
        Map<String, Integer> lineOf = new HashMap<>();
        int number = 0;
        for (String line : text.split("\\r?\\n", -1)) {
            number++;
            String content =
                    OUTER_BLANKS.matcher(COMMENT.matcher(line).replaceFirst("")).replaceAll("");
            if (!content.isEmpty()) {
                ServerLines here = new ServerLines(file, number);
                ListedServer server = here.server(BLANKS.split(content));
                Integer other = lineOf.putIfAbsent(server.id(), number);
                if (other != null) {
                    throw here.wrong("the id '" + server.id() + "' stands in line " + other + " already");
                }
                servers.add(server);
            }
        }
        if (servers.isEmpty()) {
            throw new IllegalArgumentException(VisibleText.of("file " + file + " names no server"));
        }
        return List.copyOf(servers);
    }

    private ListedServer server(String[] words) {
        String id = words[0];
        if (!ServerIds.wellFormed(id)) {
            throw wrong("the id '" + id + "' is not " + ServerIds.ALLOWED);
        }
        if (words.length < 2) {
            throw wrong("'" + id + "' has no host:port or unix:/path");
        }
        int weight = 1;
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, String> ofAddress = new LinkedHashMap<>();
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1) {
                throw wrong("'" + words[i] + "' is not name=value");
            }
            String name = words[i].substring(0, equals);
            String value = words[i].substring(equals + 1);
            @Nullable String before = OF_ADDRESS.contains(name) ? ofAddress.put(name, value) : labels.put(name, value);
            if (before != null) {
                throw wrong("'" + name + "' is given twice");
            }
        }
        String weightText = labels.remove("weight");
        if (weightText != null) {
            weight = weight(weightText);
        }
        return new ListedServer(id, address(words[1], ofAddress), weight, Map.copyOf(labels));
    }

    private Address address(String text, Map<String, String> attributes) {
        boolean unix = text.startsWith(UnixPath.PREFIX + "/");
        Matcher matcher = HOST_PORT.matcher(text);
        if (!unix && !matcher.matches()) {
            throw wrong("'" + text + "' is not host:port or unix:/path");
        }
        String scheme = attributes.getOrDefault(Address.SCHEME, "http");
        if (!ServerUri.isScheme(scheme)) {
            throw wrong("scheme '" + scheme + "' is not " + ServerUri.ALLOWED_SCHEMES);
        }
        try {
            if (unix) {
                return new Address(text.substring(UnixPath.PREFIX.length()), 0, attributes);
            }
            String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            return new Address(host, Integer.parseInt(matcher.group(3)), attributes);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private int weight(String text) {
        try {
            int weight = Integer.parseInt(text);
            if (weight >= 0 && weight <= Server.MAX_WEIGHT) {
                return weight;
            }
        } catch (NumberFormatException notANumber) {
            // refused below, like a number out of range
        }
        throw wrong("weight '" + text + "' is not a number from 0 to " + Server.MAX_WEIGHT);
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(VisibleText.of("file " + file + " line " + number + ": " + why));
    }
}
