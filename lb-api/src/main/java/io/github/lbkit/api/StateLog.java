package io.github.lbkit.api;

import io.github.lbkit.api.internal.RateLimitedLog;
import java.time.Duration;

/** The listener that writes a balancer's changes of state to its log: one line each, with server id and reason. */
final class StateLog implements LoadBalancerListener {
    private final String pool;
    private final RateLimitedLog log;

    StateLog(String pool, RateLimitedLog log) {
        this.pool = pool;
        this.log = log;
    }

    @Override
    public void becameUnhealthy(Server server, String reason) {
        log.warn(server.id(), "unhealthy", "pool {}: server {} is unhealthy: {}", pool, server.id(), reason);
    }

    @Override
    public void becameHealthy(Server server) {
        log.info(server.id(), "healthy", "pool {}: server {} is healthy", pool, server.id());
    }

    @Override
    public void ejected(Server server, Duration time, EjectionReason reason) {
        log.warn(
                server.id(),
                "ejected",
                "pool {}: server {} is ejected for {} ms: {}",
                pool,
                server.id(),
                time.toMillis(),
                text(reason));
    }

    private static String text(EjectionReason reason) {
        return switch (reason) {
            case CONSECUTIVE_FAILURES -> "too many failures in a row";
            case FAILURE_RATIO -> "too large a share of failures";
            case TRIAL_FAILED -> "its trial after an ejection failed";
            case LATENCY -> "much slower than the other servers";
        };
    }

    @Override
    public void returned(Server server) {
        log.info(server.id(), "returned", "pool {}: server {} has returned from its ejection", pool, server.id());
    }

    @Override
    public void overridden(String id, OperatorOverride override) {
        log.info(id, "override " + override, "pool {}: the override of server {} is {}", pool, id, override);
    }

    @Override
    public void failOpenChanged(boolean failOpen, int fit, int eligible) {
        if (failOpen) {
            log.warn(
                    pool,
                    "fail-open begins",
                    "pool {}: fail-open begins: {} of {} servers are fit, so health and ejections are ignored",
                    pool,
                    fit,
                    eligible);
        } else {
            log.info(pool, "fail-open ends", "pool {}: fail-open ends: {} of {} servers are fit", pool, fit, eligible);
        }
    }

    @Override
    public void membershipRefused(Membership membership, String reason) {
        log.warn(
                pool,
                "membership refused",
                "pool {}: the policy refuses membership version {}: {}; the routing table before it stays in force",
                pool,
                membership.version(),
                reason);
    }
}
