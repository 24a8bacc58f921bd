package io.github.lbkit.examples.condition;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerHealth;
import io.github.lbkit.api.explain.ServerStatus;
import java.util.Locale;

/**
 * The condition of a server: one kind, and the reason for it. If several kinds apply, the first one counts; their order
 * is that of the filters of a call. Load does not count: a server at its cap is fit. Immutable.
 *
 * @param reason the reason, for operators; empty for a fit server
 */
public record ServerCondition(Kind kind, String reason) {
    /** The kinds of conditions, in the order in which they are checked. */
    public enum Kind {
        /** An instance is being launched. */
        STARTING,
        /** The server leaves the pool and finishes its requests. */
        DRAINING,
        /** The server has no instance. */
        DOWN,
        /** The server has the weight 0. */
        WEIGHTLESS,
        /** An operator set an override. */
        OVERRIDDEN,
        /** The health checks fail. */
        UNHEALTHY,
        /** The server is ejected because of its traffic. */
        EJECTED,
        /** The server gets requests. */
        FIT;

        /** Returns the word for JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns whether the server failed: it is ejected, unhealthy or down. */
        public boolean isFailure() {
            return this == EJECTED || this == UNHEALTHY || this == DOWN;
        }
    }

    /**
     * Returns the condition of a server.
     *
     * @param last the last loss or failed launch that the pool reported for the server; may be empty
     */
    static ServerCondition of(ServerStatus status, String last) {
        return switch (status.server().state()) {
            case STARTING ->
                new ServerCondition(Kind.STARTING, last.isEmpty() ? "its instance is being launched" : last);
            case DRAINING -> new ServerCondition(Kind.DRAINING, "it leaves the pool: it gets no new requests");
            case DOWN -> new ServerCondition(Kind.DOWN, last.isEmpty() ? "it has no instance that runs" : last);
            case READY -> ofReady(status);
        };
    }

    /** Returns the condition of a server without regard to its weight, and without a reported loss. */
    public static ServerCondition ignoringWeight(ServerStatus status) {
        return status.server().state() == Server.State.READY ? ofWeighted(status) : of(status, "");
    }

    private static ServerCondition ofReady(ServerStatus status) {
        return status.server().weight() == 0
                ? new ServerCondition(Kind.WEIGHTLESS, "its weight is 0")
                : ofWeighted(status);
    }

    private static ServerCondition ofWeighted(ServerStatus status) {
        ServerHealth health = status.health();
        if (status.operator() != OperatorOverride.NONE) {
            return new ServerCondition(Kind.OVERRIDDEN, "an operator set its override to " + status.operator());
        }
        if (health.unhealthy().isPresent()) {
            return new ServerCondition(Kind.UNHEALTHY, health.unhealthy().get());
        }
        if (health.ejected().isPresent()) {
            long left = health.ejectedFor().toMillis();
            return new ServerCondition(
                    Kind.EJECTED,
                    text(health.ejected().get()) + (left > 0 ? "; " + left + " ms are left" : "; its trial is due"));
        }
        return new ServerCondition(Kind.FIT, "");
    }

    private static String text(EjectionReason reason) {
        return switch (reason) {
            case CONSECUTIVE_FAILURES -> "too many failures in a row";
            case FAILURE_RATIO -> "too large a share of failures";
            case TRIAL_FAILED -> "its trial after an ejection failed";
            case LATENCY -> "much slower than the other servers";
        };
    }
}
