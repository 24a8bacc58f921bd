package io.github.lbkit.api.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.pool.spi.PoolContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * A subset of a pool that can be changed. The servers of the subset can be removed and replaced. Adding is refused,
 * because the labels and names of new servers decide whether they belong to the subset.
 */
final class ManagedSubsetPool extends SubsetPool implements ManagedServerPool {
    private final ManagedServerPool inner;
    private final DerivedChanges changes = new DerivedChanges(this);

    ManagedSubsetPool(PoolContext context, ManagedServerPool inner, Function<Membership, List<Server>> choice) {
        super(context, inner, choice);
        this.inner = inner;
    }

    @Override
    public List<String> desired() {
        Membership shown = membership();
        return inner.desired().stream()
                .filter(id -> shown.server(id)
                        .filter(server -> server.state() != Server.State.DRAINING)
                        .isPresent())
                .toList();
    }

    @Override
    public int maxServers() {
        return inner.maxServers();
    }

    @Override
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        return CompletableFuture.failedFuture(noneJoins());
    }

    @Override
    public CompletionStage<PoolChange> resize(int desired) {
        return CompletableFuture.failedFuture(noneJoins());
    }

    private PoolChangeRefusedException noneJoins() {
        return DerivedChanges.notHere("pool " + name() + " shows some servers of pool "
                + pools.get(0).name() + "; one that is added there need not be among them: change pool "
                + pools.get(0).name() + " itself");
    }

    @Override
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        return changes.ask(
                () -> {
                    List<String> chosen = chosen(count, ids);
                    return inner.remove(chosen.size(), chosen);
                },
                this::here);
    }

    @Override
    public CompletionStage<PoolChange> replace(String id) {
        return changes.ask(
                () -> {
                    ChangeRules.known(id, desired());
                    return inner.replace(id);
                },
                this::here);
    }

    @Override
    public CompletionStage<PoolChange> replaceAll() {
        return changes.ask(
                () -> {
                    CompletableFuture<PoolChange> result = new CompletableFuture<>();
                    replaceOneByOne(new ArrayDeque<>(desired()), new ArrayList<>(), result);
                    return result;
                },
                this::here);
    }

    private void replaceOneByOne(Deque<String> left, List<ServerChange> done, CompletableFuture<PoolChange> result) {
        String id = left.poll();
        if (id == null) {
            result.complete(new PoolChange(done, List.of()));
            return;
        }
        CompletableFuture<PoolChange> replaced = calls.stage(inner, "a replacement", () -> inner.replace(id));
        var unused = replaced.whenComplete((change, e) -> {
            if (e != null) {
                done.add(new ServerChange(id, Outcome.UNCHANGED, GuardedCalls.reason(e)));
            } else {
                done.addAll(change.servers());
                if (!change.complete()) {
                    left.forEach(rest -> done.add(new ServerChange(rest, Outcome.UNCHANGED, id + " failed before it")));
                    left.clear();
                }
            }
            replaceOneByOne(left, done, result);
        });
    }

    @Override
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        if (adding) {
            return CompletableFuture.failedFuture(noneJoins());
        }
        return changes.ask(
                () -> {
                    List<String> chosen = chosen(count, ids);
                    return inner.preview(false, chosen.size(), chosen);
                },
                change -> change);
    }

    private List<String> chosen(int count, List<String> ids) {
        List<String> others = new ArrayList<>(desired());
        ChangeRules.removing(count, ids, others);
        others.removeAll(ids);
        List<String> chosen = new ArrayList<>(ids);
        while (chosen.size() < count) {
            chosen.add(others.remove(ThreadLocalRandom.current().nextInt(others.size())));
        }
        return chosen;
    }

    private PoolChange here(PoolChange change) {
        return DerivedChanges.renamed(change, id -> id, desired());
    }

    @Override
    void closing() {
        changes.close();
    }
}
