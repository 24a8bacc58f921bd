package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.internal.pool.PoolLoop;
import io.github.lbkit.api.internal.pool.ServerIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The changes that callers request of a supervised pool. Each change is checked and enters the desired set in one
 * step, so that names are taken at once and a slow change blocks no other. Confined to the pool's loop.
 */
final class Changes {
    private final String pool;
    private final PoolLoop loop;
    private final Launcher launcher;
    private final SupervisedOptions options;
    private final Slots slots;
    private final Rollouts rollouts;
    private final InstanceLifecycle lifecycle;
    private final PoolPublisher publisher;
    private boolean closed;

    Changes(PoolCore core, Rollouts rollouts, InstanceLifecycle lifecycle) {
        this.pool = core.pool();
        this.loop = core.loop();
        this.launcher = core.launcher();
        this.options = core.options();
        this.slots = core.slots();
        this.publisher = core.publisher();
        this.rollouts = rollouts;
        this.lifecycle = lifecycle;
    }

    /** Refuses every later change. */
    void close() {
        closed = true;
    }

    CompletionStage<PoolChange> add(int count, List<String> ids) {
        open();
        List<String> names = namesToAdd(count, ids);
        admit(new MembershipChange(slots.joining(names), Set.of()));
        List<Slot> joining = names.stream()
                .map(id -> slots.add(id, rollouts.forJoining(), true, loop.nanoTime()))
                .toList();
        loop.schedule(options.readinessTimeout, () -> joining.forEach(this::endTrial));
        return inOrder(joining.stream().map(slot -> slot.joined).toList());
    }

    CompletionStage<PoolChange> remove(int count, List<String> ids) {
        open();
        List<String> names = namesToRemove(count, ids);
        admit(new MembershipChange(List.of(), Set.copyOf(names)));
        List<ServerChange> removed = new ArrayList<>();
        for (Slot slot : names.stream().map(this::slot).toList()) {
            lifecycle.remove(slot, "it was removed");
            removed.add(slot.change(Outcome.REMOVED, ""));
        }
        return informed(removed);
    }

    CompletionStage<PoolChange> replace(String id) {
        open();
        ChangeRules.known(id, slots.ids());
        return inOrder(List.of(slot(id).replacement(loop.nanoTime())));
    }

    CompletionStage<PoolChange> resize(int size) {
        open();
        ChangeRules.sized(size, options.maxServers);
        int more = size - slots.ids().size();
        if (more == 0) {
            return informed(List.of());
        }
        return more > 0 ? add(more, List.of()) : remove(-more, List.of());
    }

    CompletionStage<PoolChange> replaceAll() {
        open();
        Deque<String> left = new ArrayDeque<>(slots.ids());
        return rollouts.inTurn(() -> {
            CompletableFuture<PoolChange> result = new CompletableFuture<>();
            replaceOneByOne(left, new ArrayList<>(), result);
            return result;
        });
    }

    CompletionStage<PoolChange> rollOut(LaunchSpec spec, RolloutOptions how) {
        open();
        HashedSpec known = HashedSpec.of(spec);
        if (!launcher.launches(spec)) {
            throw ChangeRules.badSpec(pool, known.hash());
        }
        return rollouts.begin(known, how);
    }

    CompletionStage<PoolChange> revert() {
        open();
        HashedSpec spec = rollouts.forReverting().orElseThrow(() -> ChangeRules.nothingToRevert(pool));
        return rollouts.begin(spec, options.rollout);
    }

    CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        open();
        MembershipChange change = adding
                ? new MembershipChange(slots.joining(namesToAdd(count, ids)), Set.of())
                : new MembershipChange(List.of(), Set.copyOf(namesToRemove(count, ids)));
        admit(change);
        return CompletableFuture.completedFuture(change);
    }

    private void replaceOneByOne(Deque<String> left, List<ServerChange> done, CompletableFuture<PoolChange> result) {
        String id = left.poll();
        if (id == null) {
            result.complete(new PoolChange(done, publisher.desired()));
            return;
        }
        Slot slot = slots.find(id).orElse(null);
        if (slot == null) {
            done.add(new ServerChange(id, Outcome.UNCHANGED, "it has left meanwhile"));
            replaceOneByOne(left, done, result);
            return;
        }
        var unused = slot.replacement(loop.nanoTime())
                .thenAccept(change -> loop.execute(() -> {
                    done.add(change);
                    if (change.outcome() == Outcome.FAILED) {
                        left.forEach(
                                rest -> done.add(new ServerChange(rest, Outcome.UNCHANGED, id + " failed before it")));
                        left.clear();
                    }
                    replaceOneByOne(left, done, result);
                }));
    }

    private void open() {
        if (closed) {
            throw ChangeRules.closed(pool);
        }
    }

    private Slot slot(String id) {
        return slots.find(id)
                .orElseThrow(() -> new IllegalStateException("'" + id + "' was checked to be desired, and is not"));
    }

    private void endTrial(Slot slot) {
        if (!slot.served && slots.contains(slot)) {
            lifecycle.giveUp(slot, "not ready within " + options.readinessTimeout.toMillis() + " ms of being added");
        }
    }

    private List<String> namesToAdd(int count, List<String> ids) {
        Set<String> desired = slots.ids();
        ChangeRules.adding(count, ids, desired, options.maxServers);
        List<String> names = new ArrayList<>(ids);
        while (names.size() < count) {
            names.add(ServerIds.random(options.random, id -> desired.contains(id) || names.contains(id)));
        }
        return names;
    }

    private List<String> namesToRemove(int count, List<String> ids) {
        ChangeRules.removing(count, ids, slots.ids());
        List<String> names = new ArrayList<>(ids);
        List<String> others = new ArrayList<>(slots.ids());
        others.removeAll(ids);
        while (names.size() < count) {
            names.add(others.remove((int) Long.remainderUnsigned(options.random.getAsLong(), others.size())));
        }
        return names;
    }

    private void admit(MembershipChange change) {
        try {
            options.admission.accept(change.applyTo(slots.members()));
        } catch (IllegalArgumentException e) {
            throw ChangeRules.noRoom(e);
        }
    }

    private CompletionStage<PoolChange> inOrder(List<CompletableFuture<ServerChange>> changes) {
        return CompletableFuture.allOf(changes.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> new PoolChange(
                        changes.stream().map(CompletableFuture::join).toList(), publisher.desired()));
    }

    private CompletionStage<PoolChange> informed(List<ServerChange> changes) {
        CompletableFuture<PoolChange> result = new CompletableFuture<>();
        PoolChange change = new PoolChange(changes, List.copyOf(slots.ids()));
        publisher.thenInformed(() -> result.complete(change));
        return result;
    }
}
