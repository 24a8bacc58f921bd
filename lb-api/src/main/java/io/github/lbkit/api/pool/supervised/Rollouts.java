package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.internal.pool.PoolLoop;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sequence of changes that concern every server of a pool. Each change begins when the one before has ended; a new
 * rollout stops the one under way. Confined to the pool's loop, except for volatile fields.
 */
final class Rollouts {
    private static final String SUPERSEDED = "another rollout was asked for";

    private final String pool;
    private final PoolLoop loop;
    private final Slots slots;
    private final PoolPublisher publisher;
    private CompletableFuture<?> last = CompletableFuture.completedFuture("none");
    private @Nullable Rollout newest;
    private @Nullable Rollout current;
    private boolean rolledOut;

    /** The spec that a revert rolls out; written by the loop, read by every thread. */
    private volatile Optional<HashedSpec> reverting = Optional.empty();

    /** The spec of the complete rollout before the settled one. */
    private Optional<HashedSpec> previous = Optional.empty();

    /** The spec of servers that are not in a rollout; written by the loop, read by every thread. */
    private volatile HashedSpec settled;

    Rollouts(String pool, PoolLoop loop, Slots slots, PoolPublisher publisher, HashedSpec first) {
        this.pool = pool;
        this.loop = loop;
        this.slots = slots;
        this.publisher = publisher;
        this.settled = first;
    }

    /** Returns the spec of the last complete rollout, at first the spec of the launcher. */
    HashedSpec settled() {
        return settled;
    }

    /** Returns the spec that a revert after a complete rollout returns to. */
    Optional<HashedSpec> previous() {
        return previous;
    }

    /** Returns whether the settled spec was rolled out, by this owner or an earlier one. */
    boolean hasRolledOut() {
        return rolledOut;
    }

    /** Returns the spec of the rollout that was requested and has not ended. */
    Optional<HashedSpec> target() {
        return newest == null || newest.over() || newest.isStopped() ? Optional.empty() : Optional.of(newest.spec());
    }

    /** Takes over the specs of an earlier owner. */
    void restore(HashedSpec spec, Optional<HashedSpec> before, boolean wasRolledOut) {
        settled = spec;
        rolledOut = wasRolledOut;
        slots.all().forEach(slot -> slot.spec = spec);
        previous = before.filter(known -> !known.hash().equals(spec.hash()));
        noteReverting();
    }

    /**
     * Returns the spec that a revert rolls out: the settled one while a rollout is under way or after one that
     * stopped, otherwise the one before it.
     */
    Optional<HashedSpec> forReverting() {
        return reverting;
    }

    private void noteReverting() {
        reverting = newest != null && !newest.complete() ? Optional.of(settled) : previous;
    }

    /** Returns the spec of a server that joins now. */
    HashedSpec forJoining() {
        return current == null ? settled : current.proven().orElse(settled);
    }

    /** Rolls out this spec when the rollout under way, which is stopped now, has ended. */
    CompletableFuture<PoolChange> begin(HashedSpec spec, RolloutOptions options) {
        if (newest != null && !newest.over()) {
            newest.giveUp(SUPERSEDED);
        }
        Rollout rollout = new Rollout(pool, loop, slots, publisher, spec, options);
        newest = rollout;
        noteReverting();
        return inTurn(() -> {
            current = rollout;
            rollout.begin();
            return rollout.result();
        });
    }

    /** Begins a change when all earlier changes have ended. */
    CompletableFuture<PoolChange> inTurn(Supplier<CompletableFuture<PoolChange>> change) {
        CompletableFuture<PoolChange> result = new CompletableFuture<>();
        var unused = last.whenComplete((before, e) -> loop.execute(() -> PendingAnswers.relay(change.get(), result)));
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
