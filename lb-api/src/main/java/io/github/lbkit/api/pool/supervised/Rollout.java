package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.pool.PoolLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rollout: the replacement of a pool's instances by instances of a new spec, a few at a time. A {@link
 * RolloutStep} in a slot makes a launch from the new spec due. The slots are read after every step of the loop, so
 * that nothing is lost if an instance dies or a server leaves or joins. The rollout ends when every server is done, or
 * one could not be replaced. Confined to the pool's loop.
 */
final class Rollout {
    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private final String pool;
    private final PoolLoop loop;
    private final Slots slots;
    private final PoolPublisher publisher;
    private final HashedSpec spec;
    private final RolloutOptions options;
    private final CompletableFuture<PoolChange> result = new CompletableFuture<>();
    private final Map<Slot, ServerChange> ended = new LinkedHashMap<>();
    private final Set<Slot> active = new LinkedHashSet<>();
    private @Nullable Subscription deadline;
    private String stopped = "";
    private boolean begun;
    private boolean over;

    Rollout(String pool, PoolLoop loop, Slots slots, PoolPublisher publisher, HashedSpec spec, RolloutOptions options) {
        this.pool = pool;
        this.loop = loop;
        this.slots = slots;
        this.publisher = publisher;
        this.spec = spec;
        this.options = options;
    }

    CompletableFuture<PoolChange> result() {
        return result;
    }

    /** Begins the rollout. The next {@link #settle} chooses the first servers. */
    void begin() {
        begun = true;
        LOG.info("pool {}: a rollout of spec {} begins", pool, spec.hash());
        deadline = loop.schedule(
                options.deadline(),
                () -> giveUp(
                        "the rollout was not over within " + options.deadline().toSeconds() + " s"));
    }

    /** Returns the spec once an instance of it serves; servers that join are then launched from it. */
    Optional<HashedSpec> proven() {
        boolean proven =
                stopped.isEmpty() && ended.values().stream().anyMatch(one -> one.outcome() == Outcome.REPLACED);
        return proven ? Optional.of(spec) : Optional.empty();
    }

    /** Returns whether every server runs the new spec. */
    boolean complete() {
        return over && stopped.isEmpty();
    }

    boolean over() {
        return over;
    }

    /** Returns whether the rollout ends before every server runs the new spec. */
    boolean isStopped() {
        return !stopped.isEmpty();
    }

    HashedSpec spec() {
        return spec;
    }

    /** Stops the rollout, and the launches under way. A server without a new instance keeps its old spec. */
    void giveUp(String why) {
        stopped = stopped.isEmpty() ? why : stopped;
        for (Slot slot : List.copyOf(active)) {
            if (slot.runs(spec)) {
                end(slot, Outcome.REPLACED, "");
            } else {
                end(slot, Outcome.FAILED, why);
                Launch incoming = slot.incoming;
                if (incoming != null && incoming.specHash().equals(spec.hash())) {
                    incoming.fail(why);
                }
            }
        }
    }

    void settle() {
        if (!begun || over) {
            return;
        }
        List.copyOf(active).forEach(this::look);
        while (stopped.isEmpty() && active.size() < options.surge()) {
            Slot next = next();
            if (next == null) {
                break;
            }
            active.add(next);
            next.begin(new RolloutStep(next.spec, spec), loop.nanoTime());
        }
        boolean waits = stopped.isEmpty() && slots.all().stream().anyMatch(this::joins);
        if (active.isEmpty() && !waits) {
            end();
        }
    }

    private @Nullable Slot next() {
        for (Slot slot : slots.all()) {
            if (!ended.containsKey(slot) && !active.contains(slot) && !slot.runs(spec) && !slot.joining()) {
                return slot;
            }
        }
        return null;
    }

    /** Returns whether a server is being added with another spec; it is replaced when it serves. */
    private boolean joins(Slot slot) {
        return slot.joining() && !slot.spec.hash().equals(spec.hash());
    }

    private void look(Slot slot) {
        RolloutStep turn = slot.rolloutStep;
        if (turn == null || !slots.contains(slot)) {
            end(slot, Outcome.UNCHANGED, "it has left meanwhile");
        } else if (turn.failures() >= options.attempts()) {
            end(slot, Outcome.FAILED, turn.reason());
            stopped = stopped.isEmpty() ? slot.id + " failed before it" : stopped;
        } else if (slot.runs(spec)) {
            Duration left = options.steadyFor().minus(slot.readyFor(loop.nanoTime()));
            if (left.isNegative() || left.isZero()) {
                end(slot, Outcome.REPLACED, "");
            } else {
                turn.await(loop, slot.generation(), left);
            }
        }
    }

    private void end(Slot slot, Outcome outcome, String detail) {
        active.remove(slot);
        ended.put(slot, slot.change(outcome, detail));
        slot.endRolloutStep(outcome == Outcome.REPLACED, loop.nanoTime());
    }

    private void end() {
        over = true;
        if (deadline != null) {
            deadline.close();
        }
        List<ServerChange> changes = new ArrayList<>(ended.values());
        for (Slot slot : slots.all()) {
            if (!ended.containsKey(slot)) {
                String why = slot.runs(spec) || stopped.isEmpty() ? "it is made of this spec already" : stopped;
                changes.add(slot.change(Outcome.UNCHANGED, why));
            }
        }
        PoolChange change = new PoolChange(changes, List.copyOf(slots.ids()));
        if (stopped.isEmpty()) {
            LOG.info("pool {}: the rollout of spec {} is complete", pool, spec.hash());
        } else {
            LOG.warn(
                    "pool {}: the rollout of spec {} has stopped, {}; what failed: {}",
                    pool,
                    spec.hash(),
                    stopped,
                    change.failed());
        }
        publisher.thenInformed(() -> result.complete(change));
    }
}
