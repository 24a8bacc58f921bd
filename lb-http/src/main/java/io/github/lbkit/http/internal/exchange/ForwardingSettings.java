package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.ResponseMapper;
import io.github.lbkit.http.internal.status.FailureStatuses;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings by which requests are forwarded to servers. Immutable.
 *
 * @param calls the source of servers
 * @param queue the queue of requests for which all servers are busy; null if such requests are refused
 * @param failureStatuses the statuses of a complete response that count as a failure of the server
 * @param retryStatuses the statuses after which a request that may be repeated is tried at another server
 * @param mapper the mapper that may replace a server's response; null for none
 * @param requestBuffering whether a short body is collected before a server is picked
 * @param upgrades the names of the protocols that requests may switch to, in lower case
 * @param timeouts the timeouts
 * @param limits the limits of messages
 */
public record ForwardingSettings(
        CallSource calls,
        @Nullable WaitQueue queue,
        FailureStatuses failureStatuses,
        Set<Integer> retryStatuses,
        @Nullable ResponseMapper mapper,
        boolean requestBuffering,
        Set<String> upgrades,
        TimeoutNanos timeouts,
        Limits limits) {}
