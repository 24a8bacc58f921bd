package io.github.lbkit.http.internal.local;

import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.StreamHandler;

/**
 * What answers a path here. Immutable.
 *
 * @param maxBody the longest body that it is given whole
 * @param handler the answer
 */
public record Route(int maxBody, StreamHandler handler) {
    /** Checks. */
    public Route {
        if (maxBody < 0 || maxBody > 64 << 20) {
            throw new IllegalArgumentException("maxBody " + maxBody + " is not within 0 to " + (64 << 20));
        }
    }

    /** A route whose answers are whole. */
    public static Route whole(int maxBody, LocalHandler handler) {
        return new Route(maxBody, (request, stream) -> {
            stream.end();
            return handler.handle(request);
        });
    }
}
