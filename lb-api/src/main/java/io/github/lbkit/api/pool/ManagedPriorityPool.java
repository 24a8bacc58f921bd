package io.github.lbkit.api.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.pool.spi.PoolContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A priority pool of which at least one pool can be changed. A change goes to the pool that is shown, or to the pool
 * of the servers that it names.
 */
final class ManagedPriorityPool extends PriorityPool implements ManagedServerPool {
    private final DerivedChanges changes = new DerivedChanges(this);

    ManagedPriorityPool(PoolContext context, List<? extends ServerPool> pools, PriorityOptions options) {
        super(context, pools, options);
    }

    @Override
    public List<String> desired() {
        int shown = shown();
        if (pools.get(shown).pool() instanceof ManagedServerPool managed) {
            return managed.desired().stream().map(id -> prefix(shown) + id).toList();
        }
        return membership().servers().stream()
                .filter(server -> server.state() != Server.State.DRAINING)
                .map(Server::id)
                .toList();
    }

    @Override
    public int maxServers() {
        return pools.get(shown()).pool() instanceof ManagedServerPool managed
                ? managed.maxServers()
                : desired().size();
    }

    @Override
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        return change(ids, (pool, names) -> pool.add(count, names));
    }

    @Override
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        return change(ids, (pool, names) -> pool.remove(count, names));
    }

    @Override
    public CompletionStage<PoolChange> replace(String id) {
        return change(List.of(id), (pool, names) -> pool.replace(names.get(0)));
    }

    @Override
    public CompletionStage<PoolChange> resize(int desired) {
        return change(List.of(), (pool, names) -> pool.resize(desired));
    }

    @Override
    public CompletionStage<PoolChange> replaceAll() {
        return change(List.of(), (pool, names) -> pool.replaceAll());
    }

    @Override
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        List<String> named = List.copyOf(ids);
        int[] of = new int[1];
        return changes.ask(
                () -> {
                    of[0] = poolOf(named);
                    return DerivedChanges.managed(pools.get(of[0]).pool()).preview(adding, count, names(of[0], named));
                },
                change -> renamed(of[0], change));
    }

    private interface Change {
        CompletionStage<PoolChange> of(ManagedServerPool pool, List<String> names);
    }

    private CompletionStage<PoolChange> change(List<String> ids, Change change) {
        List<String> named = List.copyOf(ids);
        int[] of = new int[1];
        return changes.ask(
                () -> {
                    of[0] = poolOf(named);
                    return change.of(DerivedChanges.managed(pools.get(of[0]).pool()), names(of[0], named));
                },
                done -> DerivedChanges.renamed(done, id -> prefix(of[0]) + id, desired()));
    }

    /** Returns the pool that these servers belong to, or the pool that is shown if no server is named. */
    private int poolOf(List<String> ids) {
        Set<Integer> of = ids.stream().map(this::poolOf).collect(Collectors.toSet());
        if (of.size() > 1) {
            throw DerivedChanges.notHere("the servers " + ids + " are of more than one pool; change one at a time");
        }
        return of.isEmpty() ? shown() : of.iterator().next();
    }

    private int poolOf(String id) {
        for (int i = 1; i < pools.size(); i++) {
            if (id.startsWith(prefix(i))) {
                return i;
            }
        }
        return 0;
    }

    private List<String> names(int pool, List<String> ids) {
        return ids.stream().map(id -> id.substring(prefix(pool).length())).toList();
    }

    private MembershipChange renamed(int pool, MembershipChange change) {
        Function<String, String> id = name -> prefix(pool) + name;
        List<Member> put = new ArrayList<>();
        change.put().forEach(member -> put.add(new Member(id.apply(member.id()), member.weight(), member.labels())));
        return new MembershipChange(put, change.removed().stream().map(id).collect(Collectors.toSet()));
    }

    @Override
    void closing() {
        changes.close();
    }
}
