package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.ResponseMapper;
import io.github.lbkit.http.internal.local.HandlerThreads;
import io.github.lbkit.http.internal.local.LocalRoutes;
import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.status.FailureStatuses;
import io.github.lbkit.http.internal.wire.write.Via;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every loop's exchanges go by. Immutable.
 *
 * @param calls where servers come from; null for a proxy that answers everything itself
 * @param queue where requests wait for a server; null if they do not
 * @param routes the paths that are answered here
 * @param fallback what answers the other paths where there is no balancer; null for 404
 * @param guard may answer a request for a route before its body is read
 * @param mapper may replace a server's response; null for none
 * @param handlers what routes run on
 * @param timeouts how long to wait
 * @param limits how much to take in
 * @param failureStatuses the statuses of a complete response that count as a failure of the server
 * @param retryStatuses the statuses of a response after which a request that may be repeated is tried elsewhere
 * @param trustedProxies whose forwarding fields are believed
 * @param refusals where refused messages are told
 * @param via tells servers of this proxy, and finds loops
 * @param abortOnHalfClose whether a client that ends its side is taken to be gone
 * @param accessLog where each request is logged
 * @param requestBuffering whether a short body of a request is collected before a server is asked
 * @param explanations where the reasons of errors are told
 */
public record ProxySettings(
        @Nullable CallSource calls,
        @Nullable WaitQueue queue,
        LocalRoutes routes,
        @Nullable Route fallback,
        Function<RequestHead, Optional<LocalResponse>> guard,
        @Nullable ResponseMapper mapper,
        HandlerThreads handlers,
        TimeoutNanos timeouts,
        Limits limits,
        FailureStatuses failureStatuses,
        Set<Integer> retryStatuses,
        TrustedProxies trustedProxies,
        RefusalLog refusals,
        Via via,
        boolean abortOnHalfClose,
        AccessLog accessLog,
        boolean requestBuffering,
        Explanations explanations) {}
