package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.Subscription;
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
 * The way of a pool's servers from what they are made of to a new spec, some at a time. It gives a slot its {@link Turn},
 * which makes a launch from the new spec due, and looks at the slots after every step of the loop: nothing is lost
 * if a server dies, leaves or joins meanwhile. Ends when every server has had its turn, or one could not be brought over.
 * Confined to the pool's loop.
 */
final class Rollout {
    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private final Supervisor supervisor;
    private final HashedSpec spec;
    private final RolloutOptions options;
    private final CompletableFuture<PoolChange> result = new CompletableFuture<>();
    private final Map<Slot, ServerChange> ended = new LinkedHashMap<>();
    private final Set<Slot> active = new LinkedHashSet<>();
    private @Nullable Subscription deadline;
    private String stopped = "";
    private boolean begun;
    private boolean over;

    Rollout(Supervisor supervisor, HashedSpec spec, RolloutOptions options) {
        this.supervisor = supervisor;
        this.spec = spec;
        this.options = options;
    }

    CompletableFuture<PoolChange> result() {
        return result;
    }

    /** Its first turns are given by the {@link #settle} that follows. */
    void begin() {
        begun = true;
        LOG.info("pool {}: a rollout of spec {} begins", supervisor.pool, spec.hash());
        deadline = supervisor.loop.later(
                options.deadline(),
                () -> giveUp(
                        "the rollout was not over within " + options.deadline().toSeconds() + " s"));
    }

    /** The spec, once a server serves that was made of it: then those that join are made of it, too. */
    Optional<HashedSpec> proven() {
        boolean proven =
                stopped.isEmpty() && ended.values().stream().anyMatch(one -> one.outcome() == Outcome.REPLACED);
        return proven ? Optional.of(spec) : Optional.empty();
    }

    /** Whether it got every server over. */
    boolean complete() {
        return over && stopped.isEmpty();
    }

    boolean over() {
        return over;
    }

    /** Whether it ends without having got every server over. */
    boolean isStopped() {
        return !stopped.isEmpty();
    }

    HashedSpec spec() {
        return spec;
    }

    /** Gives up what is under way, too: what has no new instance yet keeps, or gets again, the old spec. */
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
            next.begin(new RolloutStep(next.spec, spec), supervisor.loop.nanoTime());
        }
        boolean waits = stopped.isEmpty() && slots().stream().anyMatch(this::joins);
        if (active.isEmpty() && !waits) {
            end();
        }
    }

    private List<Slot> slots() {
        return List.copyOf(supervisor.slots().values());
    }

    private @Nullable Slot next() {
        for (Slot slot : slots()) {
            if (!ended.containsKey(slot) && !active.contains(slot) && !slot.runs(spec) && !slot.joining()) {
                return slot;
            }
        }
        return null;
    }

    /** Whether it is being added, made of another spec; it has its turn when it serves. */
    private boolean joins(Slot slot) {
        return slot.joining() && !slot.spec.hash().equals(spec.hash());
    }

    private void look(Slot slot) {
        RolloutStep turn = slot.turn;
        if (turn == null || supervisor.slots().get(slot.id) != slot) {
            end(slot, Outcome.UNCHANGED, "it has left meanwhile");
        } else if (turn.failures() >= options.attempts()) {
            end(slot, Outcome.FAILED, turn.reason());
            stopped = stopped.isEmpty() ? slot.id + " failed before it" : stopped;
        } else if (slot.runs(spec)) {
            Duration left = options.steadyFor().minus(slot.readyFor(supervisor.loop.nanoTime()));
            if (left.isNegative() || left.isZero()) {
                end(slot, Outcome.REPLACED, "");
            } else {
                turn.await(supervisor.loop, slot.generation(), left);
            }
        }
    }

    private void end(Slot slot, Outcome outcome, String detail) {
        active.remove(slot);
        ended.put(slot, slot.change(outcome, detail));
        slot.endTurn(outcome == Outcome.REPLACED, supervisor.loop.nanoTime());
    }

    private void end() {
        over = true;
        if (deadline != null) {
            deadline.close();
        }
        List<ServerChange> changes = new ArrayList<>(ended.values());
        for (Slot slot : slots()) {
            if (!ended.containsKey(slot)) {
                String why = slot.runs(spec) || stopped.isEmpty() ? "it is made of this spec already" : stopped;
                changes.add(slot.change(Outcome.UNCHANGED, why));
            }
        }
        PoolChange change =
                new PoolChange(changes, List.copyOf(supervisor.slots().keySet()));
        if (stopped.isEmpty()) {
            LOG.info("pool {}: the rollout of spec {} is complete", supervisor.pool, spec.hash());
        } else {
            LOG.warn(
                    "pool {}: the rollout of spec {} has stopped, {}; what failed: {}",
                    supervisor.pool,
                    spec.hash(),
                    stopped,
                    change.failed());
        }
        supervisor.outbox.thenInformed(() -> result.complete(change));
    }
}
