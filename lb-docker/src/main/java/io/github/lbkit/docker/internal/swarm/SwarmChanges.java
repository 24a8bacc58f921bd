package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The changes of a service's size. Each change updates the service's specification and completes when the tasks match
 * it. Changes run one after the other and begin on the pool's scheduler. Thread-safe.
 */
public final class SwarmChanges {
    private final Service service;
    private final ServiceUpdates updates;
    private final ChangeChecks checks;
    private final PendingAnswers answers;

    /** The end of the last requested change; the first change waits for the service. Confined to the scheduler. */
    private CompletionStage<?> tail;

    /** Creates the changes of this service. */
    public SwarmChanges(Service service) {
        this.service = service;
        this.updates = new ServiceUpdates(service.engine(), service.options());
        this.checks = new ChangeChecks(service);
        this.answers = new PendingAnswers(() -> service.view().closedException());
        this.tail = service.view().ready();
    }

    /** Implements {@link io.github.lbkit.api.ManagedServerPool#add}. */
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> adding(count, names));
    }

    /** Implements {@link io.github.lbkit.api.ManagedServerPool#remove}. */
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> removing(count, names));
    }

    /** Implements {@link io.github.lbkit.api.ManagedServerPool#resize}. */
    public CompletionStage<PoolChange> resize(int desired) {
        return ask(() -> {
            checks.checkSize(desired);
            int now = service.desired().size();
            return desired > now
                    ? adding(desired - now, List.of())
                    : desired < now ? removing(now - desired, List.of()) : done(List.of());
        });
    }

    /** Refuses every replacement, since a swarm cannot replace a single task on request. */
    public CompletionStage<PoolChange> replace(String id) {
        return ask(() -> {
            if (!service.desired().contains(id)) {
                throw ChangeChecks.refused(
                        Reason.UNKNOWN_ID, "no server has the id '" + id + "'; the servers are " + service.desired());
            }
            throw ChangeChecks.refused(
                    Reason.NOT_HERE,
                    "a swarm replaces its tasks itself, all of a service or none; replaceAll replaces all of them");
        });
    }

    /** Implements {@link io.github.lbkit.api.ManagedServerPool#replaceAll}. */
    public CompletionStage<PoolChange> replaceAll() {
        return ask(this::replacingAll);
    }

    /** Implements {@link io.github.lbkit.api.ManagedServerPool#preview}. */
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> {
            List<String> now = service.desired();
            if (!adding) {
                checks.checkRemoval(count, names);
                return CompletableFuture.completedFuture(
                        new MembershipChange(List.of(), Set.copyOf(now.subList(now.size() - count, now.size()))));
            }
            checks.checkAddition(count, names);
            return CompletableFuture.completedFuture(new MembershipChange(checks.joining(count), Set.of()));
        });
    }

    /** Refuses new changes and those that are not complete. */
    public void close() {
        answers.close();
    }

    private <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> change) {
        CompletableFuture<T> answer = answers.awaited();
        service.view().scheduler().execute(() -> {
            CompletionStage<T> changed = tail.handle((value, e) -> "ended")
                    .thenComposeAsync(ended -> change.get(), service.view().scheduler());
            tail = changed;
            PendingAnswers.relay(changed, answer);
        });
        return answer;
    }

    private CompletionStage<PoolChange> adding(int count, List<String> ids) {
        checks.checkAddition(count, ids);
        List<String> before = service.desired();
        int target = before.size() + count;
        return send(() -> updates.add(count))
                .thenCompose(sent -> until(
                        () -> service.desired().size() >= target
                                && newServers(before).allMatch(this::ready),
                        service.options().changeTimeout().multipliedBy(count)))
                .thenCompose(allReady -> {
                    List<ServerChange> changes = newServers(before)
                            .map(id -> ready(id)
                                    ? new ServerChange(id, Outcome.ADDED, "")
                                    : new ServerChange(id, Outcome.FAILED, service.reason(id)))
                            .toList();
                    int failed = (int) changes.stream()
                            .filter(change -> change.outcome() == Outcome.FAILED)
                            .count();
                    return failed == 0
                            ? done(changes)
                            : send(() -> updates.add(-failed)).thenCompose(sent -> done(changes));
                });
    }

    private Stream<String> newServers(List<String> before) {
        return service.desired().stream().filter(id -> !before.contains(id));
    }

    private CompletionStage<PoolChange> removing(int count, List<String> ids) {
        checks.checkRemoval(count, ids);
        List<String> before = service.desired();
        int target = before.size() - count;
        return send(() -> updates.add(-count))
                .thenCompose(sent -> until(
                        () -> service.desired().size() <= target,
                        service.options().changeTimeout()))
                .thenCompose(gone -> {
                    Set<String> left = new HashSet<>(before);
                    service.desired().forEach(left::remove);
                    return done(before.stream()
                            .filter(left::contains)
                            .map(id -> new ServerChange(id, Outcome.REMOVED, ""))
                            .toList());
                });
    }

    private CompletionStage<PoolChange> replacingAll() {
        Map<String, Long> before = new LinkedHashMap<>();
        service.desired().forEach(id -> before.put(id, generation(id)));
        Duration timeout = service.options().changeTimeout().multipliedBy(Math.max(1, before.size()));
        return send(updates::forceUpdate)
                .thenCompose(sent -> until(
                        () -> service.updateState().equals("paused")
                                || before.keySet().stream().allMatch(id -> replaced(id, before)),
                        timeout))
                .thenCompose(all -> done(before.keySet().stream()
                        .map(id -> replaced(id, before)
                                ? new ServerChange(id, Outcome.REPLACED, "")
                                : new ServerChange(id, Outcome.FAILED, service.reason(id)))
                        .toList()));
    }

    private boolean replaced(String id, Map<String, Long> before) {
        return ready(id) && generation(id) > before.getOrDefault(id, 0L);
    }

    private long generation(String id) {
        return service.view()
                .membership()
                .server(id)
                .flatMap(Server::instance)
                .map(Instance::generation)
                .orElse(0L);
    }

    private boolean ready(String id) {
        return service.view()
                .membership()
                .server(id)
                .filter(server -> server.state() == Server.State.READY)
                .isPresent();
    }

    /** Sends an update; completes on the scheduler. */
    private CompletionStage<String> send(Runnable update) {
        return service.engine()
                .run(() -> {
                    update.run();
                    return "sent";
                })
                .thenApplyAsync(Function.identity(), service.view().scheduler());
    }

    /**
     * Returns a stage that completes with true when the condition holds, or with false after the timeout. Completes on
     * the scheduler.
     */
    private CompletionStage<Boolean> until(BooleanSupplier condition, Duration timeout) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Runnable watcher = () -> {
            if (condition.getAsBoolean()) {
                result.complete(true);
            }
        };
        service.watch(watcher);
        var deadline = service.view().scheduler().schedule(timeout, () -> result.complete(false));
        service.hint();
        return result.whenComplete((value, e) -> {
            deadline.close();
            service.unwatch(watcher);
        });
    }

    /** Returns a stage that completes after the listeners were notified of the change. */
    private CompletionStage<PoolChange> done(List<ServerChange> changes) {
        CompletableFuture<PoolChange> result = new CompletableFuture<>();
        service.view().afterwards(() -> result.complete(new PoolChange(changes, service.desired())));
        return result;
    }
}
