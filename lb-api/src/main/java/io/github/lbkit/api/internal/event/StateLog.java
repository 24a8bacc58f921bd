package io.github.lbkit.api.internal.event;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.internal.RateLimitedLog;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.event.Level;

/** A listener that logs each change of a balancer's state as one line with server id and reason. */
public final class StateLog implements LoadBalancerListener {
    private final String pool;
    private final RateLimitedLog log;

    /** Creates the listener of the balancer over this pool. */
    public StateLog(String pool, RateLimitedLog log) {
        this.pool = pool;
        this.log = log;
    }

    @Override
    public void becameUnhealthy(Server server, String reason) {
        line(Level.WARN, server.id(), "unhealthy")
                .with("generation", generation(server))
                .with("reason", reason)
                .log("pool {}: server {} is unhealthy: {}", pool, server.id(), reason);
    }

    @Override
    public void becameHealthy(Server server) {
        line(Level.INFO, server.id(), "healthy")
                .with("generation", generation(server))
                .log("pool {}: server {} is healthy", pool, server.id());
    }

    @Override
    public void ejected(Server server, Duration time, EjectionReason reason) {
        line(Level.WARN, server.id(), "ejected")
                .with("generation", generation(server))
                .with("reason", reason)
                .with("millis", time.toMillis())
                .log("pool {}: server {} is ejected for {} ms: {}", pool, server.id(), time.toMillis(), text(reason));
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
        line(Level.INFO, server.id(), "returned")
                .with("generation", generation(server))
                .log("pool {}: server {} has returned from its ejection", pool, server.id());
    }

    @Override
    public void overridden(String id, OperatorOverride override) {
        log.at(Level.INFO, id, "override-" + override.name().toLowerCase(Locale.ROOT))
                .with("pool", pool)
                .with("server", id)
                .with("override", override)
                .log("pool {}: the override of server {} is {}", pool, id, override);
    }

    @Override
    public void failOpenChanged(boolean failOpen, int fit, int eligible) {
        RateLimitedLog.Line line =
                ofPool(failOpen ? Level.WARN : Level.INFO, failOpen ? "fail-open-begins" : "fail-open-ends");
        line.with("fit", fit).with("eligible", eligible);
        if (failOpen) {
            line.log(
                    "pool {}: fail-open begins: {} of {} servers are fit, so health and ejections are ignored",
                    pool,
                    fit,
                    eligible);
        } else {
            line.log("pool {}: fail-open ends: {} of {} servers are fit", pool, fit, eligible);
        }
    }

    @Override
    public void membershipRefused(Membership membership, String reason) {
        ofPool(Level.WARN, "membership-refused")
                .with("reason", reason)
                .with("version", membership.version())
                .log(
                        "pool {}: the policy refuses membership version {}: {}; the routing table before it stays in"
                                + " force",
                        pool,
                        membership.version(),
                        reason);
    }

    private RateLimitedLog.Line line(Level level, String id, String kind) {
        return log.at(level, id, kind).with("pool", pool).with("server", id);
    }

    private RateLimitedLog.Line ofPool(Level level, String kind) {
        return log.at(level, pool, kind).with("pool", pool);
    }

    private static long generation(Server server) {
        return server.instance().map(Instance::generation).orElse(0L);
    }
}
