package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.pool.spi.Notifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The notifications of a supervised pool for one step of its loop: first the membership, if it has changed; then
 * events, drains and answers in the order of their requests. Confined to the pool's loop, except for volatile fields.
 */
final class PoolPublisher {
    private final Notifier notifier;
    private final PoolLog log;
    private final List<Runnable> afterMembership = new ArrayList<>();
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();
    private boolean readySaid;

    /** Written by the loop, read by every thread. */
    private volatile List<String> desired;

    /** Written by the loop, read by every thread. */
    private volatile Map<String, String> specs = Map.of();

    PoolPublisher(Notifier notifier, PoolLog log, List<String> desired) {
        this.notifier = notifier;
        this.log = log;
        this.desired = desired;
    }

    List<String> desired() {
        return desired;
    }

    /** Returns the spec hash of each serving instance, by server id. */
    Map<String, String> specs() {
        return specs;
    }

    CompletableFuture<Membership> ready() {
        return ready;
    }

    /** Fails {@code ready}: there will be no first membership. */
    void refuse(RuntimeException why) {
        readySaid = true;
        thenInformed(() -> ready.completeExceptionally(why));
    }

    void event(PoolEvent event) {
        afterMembership.add(() -> notifier.happened(event));
    }

    /** Runs a task after the membership of this step was published. */
    void then(Runnable task) {
        afterMembership.add(task);
    }

    /** Completes an answer after the listeners know what this step has changed. */
    void answer(CompletableFuture<ServerChange> asked, ServerChange change) {
        thenInformed(() -> asked.complete(change));
    }

    /** Runs a task after the listeners know what this step has changed. */
    void thenInformed(Runnable task) {
        afterMembership.add(() -> notifier.afterwards(task));
    }

    /** Publishes everything of this step. */
    void send(Collection<Slot> slots, Collection<Server> leaving, boolean known, boolean closing) {
        List<String> before = desired;
        desired = slots.stream().map(slot -> slot.id).toList();
        if (!desired.equals(before) && !closing) {
            log.desired(before, desired);
        }
        specs = slots.stream()
                .filter(slot -> slot.current != null)
                .collect(Collectors.toUnmodifiableMap(slot -> slot.id, Slot::currentSpec));
        if (known) {
            notifier.publishIfChanged(servers(slots, leaving));
            if (!readySaid && !closing && slots.stream().noneMatch(slot -> slot.undecided() && !slot.onTrial)) {
                readySaid = true;
                Membership first = notifier.membership();
                thenInformed(() -> ready.complete(first));
            }
        }
        List<Runnable> now = List.copyOf(afterMembership);
        afterMembership.clear();
        now.forEach(Runnable::run);
    }

    /**
     * Returns the servers to show. A server that leaves is shown until it is gone, or until a slot of the same id has
     * something to show.
     */
    private static List<Server> servers(Collection<Slot> slots, Collection<Server> leaving) {
        Map<String, Server> shown = new LinkedHashMap<>();
        leaving.forEach(server -> shown.put(server.id(), server));
        for (Slot slot : slots) {
            if (!slot.undecided() || !shown.containsKey(slot.id)) {
                shown.put(slot.id, slot.server());
            }
        }
        return shown.values().stream().sorted(Comparator.comparing(Server::id)).toList();
    }
}
