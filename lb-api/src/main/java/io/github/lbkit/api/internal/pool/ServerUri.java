package io.github.lbkit.api.internal.pool;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.UnixPath;
import io.github.lbkit.api.internal.VisibleText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The syntax of a fixed server: {@code [NAME=]URL[;weight=N]}. */
public final class ServerUri {
    /** The syntax, for usage and error messages. */
    public static final String SYNTAX =
            "[NAME=]URL[;weight=N] where URL is http://host:port, https://host:port, SCHEME://host:port, host:port or"
                    + " unix:/path, and NAME is host:port or unix:/path unless given";

    /** The allowed schemes (RFC 3986, section 3.1), for error messages. */
    public static final String ALLOWED_SCHEMES = "a letter and then letters, digits, '+', '-' or '.'";

    private static final Pattern ENTRY =
            Pattern.compile("(?:(?<name>[^=;/]*)=)?(?<url>[^;]*)(?:;weight=(?<weight>.*))?");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

    private ServerUri() {}

    /** Returns whether the scheme is {@link #ALLOWED_SCHEMES}. */
    public static boolean isScheme(String scheme) {
        return SCHEME.matcher(scheme).matches();
    }

    /**
     * Returns the server that this text describes, in state READY. The scheme {@code http} may be left out. Only
     * {@code http} and {@code https} have a default port.
     *
     * @throws IllegalArgumentException if the text is malformed; the message shows the text and what is wrong
     */
    public static Server parse(String entry) {
        Matcher matcher = ENTRY.matcher(entry);
        if (!matcher.matches()) {
            throw wrong(entry, "it is not " + SYNTAX);
        }
        Address address = address(entry, matcher.group("url"));
        String name = matcher.group("name");
        String weight = matcher.group("weight");
        if (name != null && !ServerIds.wellFormed(name)) {
            throw wrong(entry, "the name '" + name + "' is not " + ServerIds.ALLOWED);
        }
        Server server = Server.ready(name == null ? address.place() : name, new Instance(address.place(), address, 1));
        return weight == null ? server : server.withWeight(weight(entry, weight));
    }

    private static Address address(String entry, String url) {
        if (url.startsWith(UnixPath.PREFIX)) {
            return unix(entry, url.substring(UnixPath.PREFIX.length()));
        }
        try {
            URI parsed = new URI(url.contains("://") ? url : "http://" + url);
            String path = parsed.getRawPath();
            boolean bare = parsed.getRawUserInfo() == null
                    && parsed.getRawQuery() == null
                    && parsed.getRawFragment() == null
                    && (path.isEmpty() || path.equals("/"));
            if (parsed.getHost() == null || !bare) {
                throw wrong(entry, "'" + url + "' is not a host and a port alone; the syntax is " + SYNTAX);
            }
            String scheme = parsed.getScheme().toLowerCase(Locale.ROOT);
            Integer defaultPort = DEFAULT_PORTS.get(scheme);
            if (parsed.getPort() < 0 && defaultPort == null) {
                throw wrong(entry, "'" + url + "' has no port; only http and https have a default port");
            }
            String host = parsed.getHost().replaceAll("[\\[\\]]", "");
            return new Address(
                    host,
                    parsed.getPort() < 0 ? defaultPort : parsed.getPort(),
                    scheme.equals("http") ? Map.of() : Map.of(Address.SCHEME, scheme));
        } catch (URISyntaxException e) {
            throw wrong(entry, "'" + url + "' is not a URL; the syntax is " + SYNTAX);
        }
    }

    private static Address unix(String entry, String path) {
        try {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path '" + path + "' of a Unix socket is not " + UnixPath.ALLOWED);
            }
            return Address.unix(path.startsWith("///") ? path.substring(2) : path); // unix:/path and unix:///path
        } catch (IllegalArgumentException e) {
            throw wrong(entry, String.valueOf(e.getMessage()));
        }
    }

    private static int weight(String entry, String weight) {
        try {
            int number = Integer.parseInt(weight);
            if (number >= 0 && number <= Server.MAX_WEIGHT) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // refused below, like a number out of range
        }
        throw wrong(entry, "weight '" + weight + "' is not a number from 0 to " + Server.MAX_WEIGHT);
    }

    private static IllegalArgumentException wrong(String entry, String reason) {
        return new IllegalArgumentException(VisibleText.of("static server '" + entry + "': " + reason));
    }
}
