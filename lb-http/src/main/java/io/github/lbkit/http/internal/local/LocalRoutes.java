package io.github.lbkit.http.internal.local;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of a proxy by path. Paths are compared byte for byte; nothing is decoded or normalized. Immutable. */
public final class LocalRoutes {
    private final byte[][] paths;
    private final Route[] routes;

    /** Creates the routes of these paths. */
    public LocalRoutes(Map<String, Route> byPath) {
        paths = new byte[byPath.size()][];
        routes = new Route[byPath.size()];
        int i = 0;
        for (Map.Entry<String, Route> entry : byPath.entrySet()) {
            paths[i] = entry.getKey().getBytes(StandardCharsets.ISO_8859_1);
            routes[i++] = entry.getValue();
        }
    }

    /**
     * Adds a route to a map of routes.
     *
     * @throws IllegalArgumentException if the path is not a raw path, or has a route already
     */
    public static void add(String path, Route route, Map<String, Route> routes) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '?' || c == '#')) {
            throw new IllegalArgumentException(
                    "route '" + path + "' is not a raw path: '/' and visible ASCII without '?' and '#'");
        }
        if (routes.putIfAbsent(path, route) != null) {
            throw new IllegalArgumentException("route '" + path + "' is set twice");
        }
    }

    /** Returns the route of a target by its path, which ends before {@code ?}; null if there is none. */
    public @Nullable Route find(byte[] bytes, int from, int to) {
        for (int i = 0; i < paths.length; i++) {
            int end = from + paths[i].length;
            if (end <= to
                    && (end == to || bytes[end] == '?')
                    && Arrays.equals(paths[i], 0, paths[i].length, bytes, from, end)) {
                return routes[i];
            }
        }
        return null;
    }
}
