package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import java.time.Duration;
import java.util.ArrayList;
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
 * What people ask of a service: each change is an update of its specification, and ends when its tasks are as it says. One after
 * the other; begun on the pool's scheduler. Thread-safe.
 */
public final class SwarmChanges {
    private final Service service;
    private final ServiceUpdates scaling;

    private final PendingAnswers answers;

    /** The end of the change that was asked for last, the first of which waits for the service; confined to the scheduler. */
    private CompletionStage<?> tail;

    /** Changes of this service. */
    public SwarmChanges(Service service) {
        this.service = service;
        this.scaling = new ServiceUpdates(service.engine(), service.options());
        this.answers = new PendingAnswers(() -> service.following().refusal());
        this.tail = service.following().ready();
    }

    /** See {@link io.github.lbkit.api.ManagedServerPool#add}. */
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> adding(count, names));
    }

    /** See {@link io.github.lbkit.api.ManagedServerPool#remove}. */
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> removing(count, names));
    }

    /** See {@link io.github.lbkit.api.ManagedServerPool#resize}. */
    public CompletionStage<PoolChange> resize(int desired) {
        return ask(() -> {
            if (desired < 0 || desired > service.options().maxServers()) {
                throw refused(
                        desired < 0 ? Reason.BAD_COUNT : Reason.TOO_MANY,
                        desired + " servers are not within 0 to "
                                + service.options().maxServers());
            }
            int now = service.desired().size();
            return desired > now
                    ? adding(desired - now, List.of())
                    : desired < now ? removing(now - desired, List.of()) : done(List.of());
        });
    }

    /** Never: the swarm replaces what fails, and this pool cannot make it replace one. */
    public CompletionStage<PoolChange> replace(String id) {
        return ask(() -> {
            if (!service.desired().contains(id)) {
                throw refused(
                        Reason.UNKNOWN_ID, "no server has the id '" + id + "'; the servers are " + service.desired());
            }
            throw refused(
                    Reason.NOT_HERE,
                    "a swarm replaces its tasks itself, all of a service or none; replaceAll makes them all anew");
        });
    }

    /** See {@link io.github.lbkit.api.ManagedServerPool#replaceAll}. */
    public CompletionStage<PoolChange> replaceAll() {
        return ask(this::renewing);
    }

    /** See {@link io.github.lbkit.api.ManagedServerPool#preview}. */
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        List<String> names = List.copyOf(ids);
        return ask(() -> {
            List<String> now = service.desired();
            if (!adding) {
                checkRemoval(count, names);
                return CompletableFuture.completedFuture(
                        new MembershipChange(List.of(), Set.copyOf(now.subList(now.size() - count, now.size()))));
            }
            checkAddition(count, names);
            return CompletableFuture.completedFuture(new MembershipChange(joining(count), Set.of()));
        });
    }

    /** Refuses whatever is asked or was not answered. */
    public void close() {
        answers.close();
    }

    private <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> change) {
        CompletableFuture<T> answer = answers.awaited();
        service.following().scheduler().execute(() -> {
            CompletionStage<T> turn = tail.handle((value, e) -> "over")
                    .thenComposeAsync(over -> change.get(), service.following().scheduler());
            tail = turn;
            PendingAnswers.relay(turn, answer);
        });
        return answer;
    }

    private CompletionStage<PoolChange> adding(int count, List<String> ids) {
        checkAddition(count, ids);
        List<String> before = service.desired();
        int target = before.size() + count;
        return change(() -> scaling.add(count))
                .thenCompose(sent -> until(
                        () -> service.desired().size() >= target
                                && newOnes(before).allMatch(this::ready),
                        service.options().changeTimeout().multipliedBy(count)))
                .thenCompose(allReady -> {
                    List<ServerChange> changes = newOnes(before)
                            .map(id -> ready(id)
                                    ? new ServerChange(id, Outcome.ADDED, "")
                                    : new ServerChange(id, Outcome.FAILED, service.why(id)))
                            .toList();
                    int failed = (int) changes.stream()
                            .filter(one -> one.outcome() == Outcome.FAILED)
                            .count();
                    return failed == 0
                            ? done(changes)
                            : change(() -> scaling.add(-failed)).thenCompose(sent -> done(changes));
                });
    }

    private Stream<String> newOnes(List<String> before) {
        return service.desired().stream().filter(id -> !before.contains(id));
    }

    private CompletionStage<PoolChange> removing(int count, List<String> ids) {
        checkRemoval(count, ids);
        List<String> before = service.desired();
        int target = before.size() - count;
        return change(() -> scaling.add(-count))
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

    private CompletionStage<PoolChange> renewing() {
        Map<String, Long> before = new LinkedHashMap<>();
        service.desired().forEach(id -> before.put(id, generation(id)));
        Duration patience = service.options().changeTimeout().multipliedBy(Math.max(1, before.size()));
        return change(scaling::forceUpdate)
                .thenCompose(sent -> until(
                        () -> service.update().equals("paused")
                                || before.keySet().stream().allMatch(id -> renewed(id, before)),
                        patience))
                .thenCompose(all -> done(before.keySet().stream()
                        .map(id -> renewed(id, before)
                                ? new ServerChange(id, Outcome.REPLACED, "")
                                : new ServerChange(id, Outcome.FAILED, service.why(id)))
                        .toList()));
    }

    private boolean renewed(String id, Map<String, Long> before) {
        return ready(id) && generation(id) > before.getOrDefault(id, 0L);
    }

    private long generation(String id) {
        return service.following()
                .membership()
                .server(id)
                .flatMap(Server::instance)
                .map(Instance::generation)
                .orElse(0L);
    }

    private boolean ready(String id) {
        return service.following()
                .membership()
                .server(id)
                .filter(server -> server.state() == Server.State.READY)
                .isPresent();
    }

    /** Sends it, and looks. */
    private CompletionStage<String> change(Runnable order) {
        return service.engine()
                .run(() -> {
                    order.run();
                    return "sent";
                })
                .thenApplyAsync(Function.identity(), service.following().scheduler());
    }

    /** Whether this became true in time; completes on the scheduler. */
    private CompletionStage<Boolean> until(BooleanSupplier condition, Duration within) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Runnable watcher = () -> {
            if (condition.getAsBoolean()) {
                result.complete(true);
            }
        };
        service.watch(watcher);
        var deadline = service.following().scheduler().schedule(within, () -> result.complete(false));
        service.hint();
        return result.whenComplete((value, e) -> {
            deadline.close();
            service.unwatch(watcher);
        });
    }

    /** Completes when the listeners have heard of it. */
    private CompletionStage<PoolChange> done(List<ServerChange> changes) {
        CompletableFuture<PoolChange> result = new CompletableFuture<>();
        service.following().afterwards(() -> result.complete(new PoolChange(changes, service.desired())));
        return result;
    }

    private void checkAddition(int count, List<String> ids) {
        checkCount(count, ids, "add");
        if (count > service.options().maxServers() - service.desired().size()) {
            throw refused(
                    Reason.TOO_MANY,
                    "with " + count + " more than the " + service.desired().size()
                            + " servers there would be more than "
                            + service.options().maxServers());
        }
        List<Member> members = new ArrayList<>(joining(count));
        service.desired().forEach(id -> members.add(new Member(id, 1, Map.of())));
        members.sort(Member.BY_ID);
        try {
            service.admission().accept(List.copyOf(members));
        } catch (IllegalArgumentException e) {
            throw refused(Reason.NO_ROOM, String.valueOf(e.getMessage()));
        }
    }

    /** The members that so many more tasks will be. */
    private List<Member> joining(int count) {
        List<Member> more = new ArrayList<>();
        for (int slot = 1; more.size() < count; slot++) {
            String id = service.options().service() + "." + slot;
            if (!service.desired().contains(id)) {
                more.add(new Member(id, 1, Map.of()));
            }
        }
        return more;
    }

    private void checkRemoval(int count, List<String> ids) {
        checkCount(count, ids, "remove");
        if (count > service.desired().size()) {
            throw refused(
                    Reason.TOO_FEW,
                    count + " servers cannot be removed from "
                            + service.desired().size());
        }
    }

    private static void checkCount(int count, List<String> ids, String what) {
        if (count < 1) {
            throw refused(Reason.BAD_COUNT, "the number of servers to " + what + " is " + count + ", not 1 or more");
        }
        if (!ids.isEmpty()) {
            throw refused(
                    Reason.NOT_HERE,
                    "a swarm chooses itself which tasks it makes and ends, and numbers them; " + ids
                            + " cannot be named to " + what);
        }
    }

    private static PoolChangeRefusedException refused(Reason reason, String message) {
        return new PoolChangeRefusedException(reason, message);
    }
}
