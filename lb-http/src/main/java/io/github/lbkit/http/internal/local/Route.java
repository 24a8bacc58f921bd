package io.github.lbkit.http.internal.local;

import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.StreamHandler;

/**
 * The handler of a path that the proxy answers itself. Immutable.
 *
 * @param maxBody the maximum length of the body that the handler receives, in bytes; the rest is cut off
 * @param handler the handler
 */
public record Route(int maxBody, StreamHandler handler) {
    /** Checks the range of maxBody, 0 to 64 MiB. */
    public Route {
        if (maxBody < 0 || maxBody > 64 << 20) {
            throw new IllegalArgumentException("maxBody " + maxBody + " is not within 0 to " + (64 << 20));
        }
    }

    /** Returns a route with complete responses. */
    public static Route whole(int maxBody, LocalHandler handler) {
        return new Route(maxBody, (request, stream) -> {
            stream.end();
            return handler.handle(request);
        });
    }
}
