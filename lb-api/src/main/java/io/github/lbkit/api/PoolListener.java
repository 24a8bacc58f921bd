package io.github.lbkit.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Follows a pool. Called serially on the pool's notifier thread, never inside {@code subscribe} and never under a lock;
 * must not block. One that throws is logged and harms nobody else.
 */
@FunctionalInterface
public interface PoolListener {
    /** The newest snapshot; a slow listener skips those between. */
    void changed(Membership membership);

    /**
     * Takes part in draining: the server gets no new attempts, and the stage completes when nothing is in flight to
     * this server's generation any more, or when the time is over, with what was still in flight counted as cut. The
     * pool stops the instance when every listener has answered, or shortly after the time is over.
     *
     * @param server in its {@link Server.State#DRAINING} state, with the instance that will be stopped
     * @param within how long the drain may take from now
     */
    default CompletionStage<DrainResult> release(Server server, Duration within) {
        return CompletableFuture.completedFuture(DrainResult.NOTHING);
    }

    /** Something happened in the pool, mostly to one of its servers. */
    default void happened(PoolEvent event) {}
}
