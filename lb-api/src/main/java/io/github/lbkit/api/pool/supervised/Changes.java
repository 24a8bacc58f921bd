package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.internal.pool.ServerIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What people ask of a supervised pool. Each change is checked and enters the desired set in one step, so names are
 * taken at once and a long one blocks no other. Confined to the pool's loop.
 */
final class Changes {
    private final String pool;
    private final Supervisor supervisor;
    private final SupervisedOptions options;

    Changes(String pool, Supervisor supervisor) {
        this.pool = pool;
        this.supervisor = supervisor;
        this.options = supervisor.options;
    }

    CompletionStage<PoolChange> add(int count, List<String> ids) {
        open();
        List<String> names = namesToAdd(count, ids);
        admit(new MembershipChange(joining(names), Set.of()));
        List<Slot> slots = names.stream().map(supervisor::join).toList();
        supervisor.loop.later(options.readinessTimeout, () -> slots.forEach(this::endTrial));
        return inOrder(slots.stream().map(slot -> slot.joined).toList());
    }

    CompletionStage<PoolChange> remove(int count, List<String> ids) {
        open();
        List<String> names = namesToRemove(count, ids);
        admit(new MembershipChange(List.of(), Set.copyOf(names)));
        List<ServerChange> removed = new ArrayList<>();
        for (Slot slot : names.stream().map(this::slot).toList()) {
            supervisor.leave(slot, "it was removed");
            removed.add(slot.change(Outcome.REMOVED, ""));
        }
        return informed(removed);
    }

    CompletionStage<PoolChange> replace(String id) {
        open();
        ChangeRules.known(id, supervisor.slots().keySet());
        return inOrder(List.of(supervisor.replace(slot(id))));
    }

    CompletionStage<PoolChange> resize(int size) {
        open();
        ChangeRules.sized(size, options.maxServers);
        int more = size - supervisor.slots().size();
        if (more == 0) {
            return informed(List.of());
        }
        return more > 0 ? add(more, List.of()) : remove(-more, List.of());
    }

    CompletionStage<PoolChange> replaceAll() {
        open();
        Deque<String> left = new ArrayDeque<>(supervisor.slots().keySet());
        return supervisor.rollouts.inTurn(() -> {
            CompletableFuture<PoolChange> result = new CompletableFuture<>();
            replaceOneByOne(left, new ArrayList<>(), result);
            return result;
        });
    }

    CompletionStage<PoolChange> rollOut(LaunchSpec spec, RolloutOptions how) {
        open();
        HashedSpec known = HashedSpec.of(spec);
        if (!supervisor.launches(spec)) {
            throw ChangeRules.badSpec(pool, known.hash());
        }
        return supervisor.rollouts.begin(known, how);
    }

    CompletionStage<PoolChange> revert() {
        open();
        HashedSpec spec = supervisor.rollouts.forReverting().orElseThrow(() -> ChangeRules.nothingToRevert(pool));
        return supervisor.rollouts.begin(spec, options.rollout);
    }

    CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        open();
        MembershipChange change = adding
                ? new MembershipChange(joining(namesToAdd(count, ids)), Set.of())
                : new MembershipChange(List.of(), Set.copyOf(namesToRemove(count, ids)));
        admit(change);
        return CompletableFuture.completedFuture(change);
    }

    private void replaceOneByOne(Deque<String> left, List<ServerChange> done, CompletableFuture<PoolChange> result) {
        String id = left.poll();
        if (id == null) {
            result.complete(new PoolChange(done, supervisor.outbox.desired()));
            return;
        }
        Slot slot = supervisor.slots().get(id);
        if (slot == null) {
            done.add(new ServerChange(id, Outcome.UNCHANGED, "it has left meanwhile"));
            replaceOneByOne(left, done, result);
            return;
        }
        var unused = supervisor
                .replace(slot)
                .thenAccept(change -> supervisor.loop.run(() -> {
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
        if (supervisor.closing()) {
            throw ChangeRules.closed(pool);
        }
    }

    private Slot slot(String id) {
        Slot slot = supervisor.slots().get(id);
        if (slot == null) {
            throw new IllegalStateException("'" + id + "' was checked to be desired, and is not");
        }
        return slot;
    }

    private void endTrial(Slot slot) {
        if (!slot.served && supervisor.slots().get(slot.id) == slot) {
            supervisor.giveUp(slot, "not ready within " + options.readinessTimeout.toMillis() + " ms of being added");
        }
    }

    private List<String> namesToAdd(int count, List<String> ids) {
        Set<String> desired = supervisor.slots().keySet();
        ChangeRules.adding(count, ids, desired, options.maxServers);
        List<String> names = new ArrayList<>(ids);
        while (names.size() < count) {
            names.add(ServerIds.random(options.random, id -> desired.contains(id) || names.contains(id)));
        }
        return names;
    }

    private List<String> namesToRemove(int count, List<String> ids) {
        ChangeRules.removing(count, ids, supervisor.slots().keySet());
        List<String> names = new ArrayList<>(ids);
        List<String> others = new ArrayList<>(supervisor.slots().keySet());
        others.removeAll(ids);
        while (names.size() < count) {
            names.add(others.remove((int) Long.remainderUnsigned(options.random.getAsLong(), others.size())));
        }
        return names;
    }

    private List<Member> joining(List<String> names) {
        Set<Integer> taken = new HashSet<>();
        supervisor.slots().values().forEach(slot -> taken.add(slot.number));
        List<Member> members = new ArrayList<>();
        for (String name : names) {
            int number = Slot.lowestFree(taken);
            taken.add(number);
            members.add(new Member(name, 1, Slot.labels(number)));
        }
        return members;
    }

    private void admit(MembershipChange change) {
        List<Member> now =
                supervisor.slots().values().stream().map(Slot::member).toList();
        try {
            options.admission.accept(change.applyTo(now));
        } catch (IllegalArgumentException e) {
            throw ChangeRules.noRoom(e);
        }
    }

    private CompletionStage<PoolChange> inOrder(List<CompletableFuture<ServerChange>> changes) {
        return CompletableFuture.allOf(changes.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> new PoolChange(
                        changes.stream().map(CompletableFuture::join).toList(), supervisor.outbox.desired()));
    }

    private CompletionStage<PoolChange> informed(List<ServerChange> changes) {
        CompletableFuture<PoolChange> result = new CompletableFuture<>();
        PoolChange change =
                new PoolChange(changes, List.copyOf(supervisor.slots().keySet()));
        supervisor.outbox.thenInformed(() -> result.complete(change));
        return result;
    }
}
