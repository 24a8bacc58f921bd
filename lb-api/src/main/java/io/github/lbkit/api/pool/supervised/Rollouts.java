package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes that concern every server of a pool, one after the other; a rollout does not wait for another rollout to run its
 * course, but stops it. Confined to the pool's loop but for what is marked volatile.
 */
final class Rollouts {
    private static final String SUPERSEDED = "another rollout was asked for";

    private final Supervisor supervisor;
    private CompletableFuture<?> last = CompletableFuture.completedFuture("none");
    private @Nullable Rollout newest;
    private @Nullable Rollout current;
    private boolean rolledOut;

    /** What a revert rolls out; written by the loop, read by everyone. */
    private volatile Optional<HashedSpec> reverting = Optional.empty();

    /** The spec that was rolled out completely before the settled one. */
    private Optional<HashedSpec> previous = Optional.empty();

    /** What servers are made of that have no turn in a rollout; written by the loop, read by everyone. */
    private volatile HashedSpec settled;

    Rollouts(Supervisor supervisor, HashedSpec first) {
        this.supervisor = supervisor;
        this.settled = first;
    }

    /** The spec that was rolled out completely last, at first that of the launcher. */
    HashedSpec settled() {
        return settled;
    }

    /** What a revert after a complete rollout returns to. */
    Optional<HashedSpec> previous() {
        return previous;
    }

    /** Whether the settled spec was rolled out, by this owner or by one before it. */
    boolean hasRolledOut() {
        return rolledOut;
    }

    /** The spec whose rollout was asked for and has not ended. */
    Optional<HashedSpec> target() {
        return newest == null || newest.over() || newest.isStopped() ? Optional.empty() : Optional.of(newest.spec());
    }

    /** Takes over what an earlier owner had rolled out. */
    void restore(HashedSpec spec, Optional<HashedSpec> before, boolean wasRolledOut) {
        settled = spec;
        rolledOut = wasRolledOut;
        previous = before.filter(known -> !known.hash().equals(spec.hash()));
        noteReverting();
    }

    /**
     * The spec that a revert rolls out: the settled one while a rollout is under way or where the last one stopped, else the
     * one before it.
     */
    Optional<HashedSpec> forReverting() {
        return reverting;
    }

    private void noteReverting() {
        reverting = newest != null && !newest.complete() ? Optional.of(settled) : previous;
    }

    /** What a server that joins now is made of. */
    HashedSpec forJoining() {
        return current == null ? settled : current.proven().orElse(settled);
    }

    /** Rolls out this spec, as soon as what it stops has stopped. */
    CompletableFuture<PoolChange> begin(HashedSpec spec, RolloutOptions options) {
        if (newest != null && !newest.over()) {
            newest.giveUp(SUPERSEDED);
        }
        Rollout rollout = new Rollout(supervisor, spec, options);
        newest = rollout;
        noteReverting();
        return inTurn(() -> {
            current = rollout;
            rollout.begin();
            return rollout.result();
        });
    }

    /** Begins this when all that was asked for before has ended. */
    CompletableFuture<PoolChange> inTurn(Supplier<CompletableFuture<PoolChange>> change) {
        CompletableFuture<PoolChange> result = new CompletableFuture<>();
        var unused =
                last.whenComplete((before, e) -> supervisor.loop.run(() -> PendingAnswers.relay(change.get(), result)));
        last = result;
        return result;
    }

    void settle() {
        Rollout running = current;
        if (running != null) {
            running.settle();
            if (running.over()) {
                if (running.complete() && !running.spec().hash().equals(settled.hash())) {
                    previous = Optional.of(settled);
                    rolledOut = true;
                    settled = running.spec();
                }
                current = null;
                noteReverting();
            }
        }
    }
}
