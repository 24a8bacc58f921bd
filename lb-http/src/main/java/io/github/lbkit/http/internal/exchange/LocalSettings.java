package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.internal.local.HandlerThreads;
import io.github.lbkit.http.internal.local.LocalRoutes;
import io.github.lbkit.http.internal.local.Route;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings by which the proxy answers requests itself. Immutable.
 *
 * @param routes the routes by path
 * @param fallback the route of all other paths of a proxy without a balancer; null for 404
 * @param guard a function that may answer a request for a route before its body is read
 * @param handlers the threads on which handlers run
 */
public record LocalSettings(
        LocalRoutes routes,
        @Nullable Route fallback,
        Function<RequestHead, Optional<LocalResponse>> guard,
        HandlerThreads handlers) {}
