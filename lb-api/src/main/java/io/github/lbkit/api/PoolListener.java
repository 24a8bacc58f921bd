package io.github.lbkit.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A listener of a pool's changes. Called serially on the pool's notifier thread, never inside {@code subscribe} and
 * never under a lock; must not block. An exception is logged and affects no other listener.
 */
@FunctionalInterface
public interface PoolListener {
    /** Called with the newest snapshot; a slow listener skips the snapshots between. */
    void changed(Membership membership);

    /**
     * Takes part in draining: sends no new attempts to the server. The stage completes when no attempt is in flight to
     * the server's instance, or when the time is over, with the remaining attempts counted as cut. The pool stops the
     * instance when every listener has completed, or shortly after the time is over.
     *
     * @param server the server in state {@link Server.State#DRAINING}, with the instance that will be stopped
     * @param within the maximum length of the drain from now
     */
    default CompletionStage<DrainResult> release(Server server, Duration within) {
        return CompletableFuture.completedFuture(DrainResult.NOTHING);
    }

    /** Called for each event of the pool, most of which are about one server. */
    default void happened(PoolEvent event) {}
}
