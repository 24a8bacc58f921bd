package io.github.lbkit.http.internal.local;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths that are answered here, compared byte for byte: nothing is decoded or normalized. Immutable. */
public final class LocalRoutes {
    private final byte[][] paths;
    private final Route[] routes;

    /** The routes by path. */
    public LocalRoutes(Map<String, Route> byPath) {
        paths = new byte[byPath.size()][];
        routes = new Route[byPath.size()];
        int i = 0;
        for (Map.Entry<String, Route> entry : byPath.entrySet()) {
            paths[i] = entry.getKey().getBytes(StandardCharsets.ISO_8859_1);
            routes[i++] = entry.getValue();
        }
    }

    /** Adds a route to those that are being set; refuses what is no raw path, or has a route. */
    public static void add(String path, Route route, Map<String, Route> routes) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '?' || c == '#')) {
            throw new IllegalArgumentException(
                    "route '" + path + "' is not a raw path: '/' and visible ASCII without '?' and '#'");
        }
        if (routes.putIfAbsent(path, route) != null) {
            throw new IllegalArgumentException("route '" + path + "' is set twice");
        }
    }

    /** The route of the target whose path begins here; what follows {@code ?} is no part of the path. */
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
