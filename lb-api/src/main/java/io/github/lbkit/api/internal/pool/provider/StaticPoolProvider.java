package io.github.lbkit.api.internal.pool.provider;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolUri;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.ServerPoolProvider;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.internal.pool.ServerIds;
import io.github.lbkit.api.pool.StaticPool;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens {@link StaticPool}s by {@code static:} and a list of URLs. */
public final class StaticPoolProvider implements ServerPoolProvider {
    private static final Pattern ENTRY =
            Pattern.compile("(?:(?<name>[^=;/]*)=)?(?<url>[^;]*)(?:;weight=(?<weight>.*))?");
    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);

    /** For {@link java.util.ServiceLoader}. */
    public StaticPoolProvider() {}

    @Override
    public String scheme() {
        return "static";
    }

    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public String usage() {
        return "[NAME=]URL[;weight=N],… where URL is http://host:port, https://host:port or host:port,"
                + " and NAME is host:port unless given; such as static:S1=http://10.0.0.1:8080;weight=3,10.0.0.2:8080";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        if (uri.body().isBlank()) {
            throw new IllegalArgumentException("static: names no server; " + usage());
        }
        List<Server> servers = new ArrayList<>();
        for (String entry : uri.body().split(",", -1)) {
            servers.add(server(entry.trim()));
        }
        return StaticPool.of(context.name(), context.runtimes(), servers);
    }

    private Server server(String entry) {
        Matcher matcher = ENTRY.matcher(entry);
        if (!matcher.matches()) {
            throw wrong(entry, "it is not " + usage());
        }
        Address address = address(entry, matcher.group("url"));
        String name = matcher.group("name");
        String weight = matcher.group("weight");
        if (name != null && !ServerIds.wellFormed(name)) {
            throw wrong(entry, "the name '" + name + "' is not " + ServerIds.ALLOWED);
        }
        Server server =
                Server.ready(name == null ? address.authority() : name, new Instance(address.authority(), address, 1));
        return weight == null ? server : server.withWeight(weight(entry, weight));
    }

    private Address address(String entry, String url) {
        try {
            URI parsed = new URI(url.contains("://") ? url : "http://" + url);
            Integer port = PORTS.get(parsed.getScheme());
            if (port == null) {
                throw wrong(entry, "'" + parsed.getScheme() + "' is not http or https");
            }
            String path = parsed.getRawPath();
            boolean bare = parsed.getRawUserInfo() == null
                    && parsed.getRawQuery() == null
                    && parsed.getRawFragment() == null
                    && (path.isEmpty() || path.equals("/"));
            if (parsed.getHost() == null || !bare) {
                throw wrong(entry, "'" + url + "' is not a host and a port alone; " + usage());
            }
            String host = parsed.getHost().replaceAll("[\\[\\]]", "");
            return new Address(
                    host,
                    parsed.getPort() < 0 ? port : parsed.getPort(),
                    parsed.getScheme().equals("https") ? Map.of(Address.SCHEME, "https") : Map.of());
        } catch (URISyntaxException e) {
            throw wrong(entry, "'" + url + "' is not a URL; " + usage());
        }
    }

    private static int weight(String entry, String weight) {
        try {
            int number = Integer.parseInt(weight);
            if (number >= 0 && number <= Server.MAX_WEIGHT) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // refused below, as a number out of bounds is
        }
        throw wrong(entry, "weight '" + weight + "' is not a number from 0 to " + Server.MAX_WEIGHT);
    }

    private static IllegalArgumentException wrong(String entry, String why) {
        return new IllegalArgumentException(VisibleText.of("static server '" + entry + "': " + why));
    }
}
