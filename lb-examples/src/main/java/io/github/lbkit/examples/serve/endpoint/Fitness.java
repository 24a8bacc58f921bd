package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.api.EjectionReason;
import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.ServerHealth;
import io.github.lbkit.api.ServerStatus;
import java.util.Locale;

/**
 * The judgement of a server: one word and a reason. If several things do, the first in the order of the words counts:
 * that of the filters of a call. Load is not among them: a server that has as much in flight as it may have is fit. Immutable.
 *
 * @param reason in words for operators; empty for a fit server
 */
record Fitness(Word word, String reason) {
    /** The words, in the order in which they are asked for. */
    enum Word {
        STARTING,
        DRAINING,
        DOWN,
        WEIGHTLESS,
        OVERRIDDEN,
        UNHEALTHY,
        EJECTED,
        FIT;

        /** Returns the word as it is written in JSON. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Judges a server.
     *
     * @param last what the pool said last about the loss of the server or a failed launch; may be empty
     */
    static Fitness of(ServerStatus status, String last) {
        return switch (status.server().state()) {
            case STARTING -> new Fitness(Word.STARTING, last.isEmpty() ? "its instance is being launched" : last);
            case DRAINING -> new Fitness(Word.DRAINING, "it leaves the pool: it gets no new requests");
            case DOWN -> new Fitness(Word.DOWN, last.isEmpty() ? "it has no instance that runs" : last);
            case READY -> ready(status);
        };
    }

    private static Fitness ready(ServerStatus status) {
        ServerHealth health = status.health();
        if (status.server().weight() == 0) {
            return new Fitness(Word.WEIGHTLESS, "its weight is 0");
        }
        if (status.operator() != OperatorOverride.NONE) {
            return new Fitness(Word.OVERRIDDEN, "an operator set its override to " + status.operator());
        }
        if (health.unhealthy().isPresent()) {
            return new Fitness(Word.UNHEALTHY, health.unhealthy().get());
        }
        if (health.ejected().isPresent()) {
            long left = health.ejectedFor().toMillis();
            return new Fitness(
                    Word.EJECTED,
                    text(health.ejected().get()) + (left > 0 ? "; " + left + " ms are left" : "; its trial is due"));
        }
        return new Fitness(Word.FIT, "");
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
