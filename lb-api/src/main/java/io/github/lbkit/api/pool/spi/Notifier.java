package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The newest membership of a pool and its delivery to the pool's listeners. Each listener gets full snapshots, one
 * call at a time, on the pool's scheduler, never inside {@code subscribe} and never under a lock. Notifications are
 * delivered in order; a snapshot that a newer one has overtaken is skipped. A listener that throws, or whose {@code
 * release} returns no valid stage, is logged and affects no other listener. Thread-safe.
 *
 * <p>For authors of pools: {@link ServerPool#membership} and {@link ServerPool#subscribe} become one call each.
 */
public final class Notifier {
    /** The time beyond a drain's deadline for which answers of listeners are awaited. */
    private static final Duration DRAIN_MARGIN = Duration.ofMillis(500);

    private final PoolLog log;
    private final Scheduler scheduler;
    private final List<ListenerState> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> pending = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();

    /** Written by the pool's only writer, read by every thread. */
    private volatile Membership membership = Membership.UNKNOWN;

    /**
     * Creates a notifier with an unknown membership and without listeners.
     *
     * @param pool the pool's name, for the log
     * @param scheduler the thread that listeners are called on; the pool closes it
     */
    public Notifier(String pool, Scheduler scheduler) {
        this.log = new PoolLog(pool, scheduler);
        this.scheduler = scheduler;
    }

    /** Returns the newest snapshot, or {@link Membership#UNKNOWN} before the first one. Never blocks. */
    public Membership membership() {
        return membership;
    }

    /**
     * Delivers the newest snapshot to this listener soon, and all later notifications, until the subscription is
     * closed.
     */
    public Subscription subscribe(PoolListener listener) {
        ListenerState state = new ListenerState(listener);
        listeners.add(state);
        enqueue(state::catchUp);
        return () -> {
            state.closed = true;
            listeners.remove(state);
        };
    }

    /** Publishes this snapshot. Only the pool's writer may call this method. */
    public void publish(Membership newest) {
        membership = newest;
        enqueue(() -> listeners.forEach(ListenerState::catchUp));
    }

    /**
     * Publishes these servers as the next version, unless the newest snapshot has the same servers. Only the pool's
     * writer may call this method.
     */
    public void publishIfChanged(List<Server> servers) {
        Membership before = membership;
        if (!before.isKnown()) {
            publish(Membership.of(1, servers));
        } else if (!before.servers().equals(servers)) {
            publish(before.next(servers));
        }
    }

    /** Logs an event and delivers it, after the snapshots that were published before it. */
    public void happened(PoolEvent event) {
        log.happened(event);
        relay(event);
    }

    /** Delivers an event of another pool, which has logged it already. */
    public void relay(PoolEvent event) {
        enqueue(() -> listeners.forEach(state -> state.tell("an event", l -> l.happened(event))));
    }

    /** Runs a task on the scheduler after all earlier notifications have been delivered. */
    public void afterwards(Runnable task) {
        enqueue(task);
    }

    /**
     * Asks every listener to release this server. The stage completes with the sum of their results, shortly after the
     * time is over at the latest. A listener that has not answered by then counts as nothing.
     */
    public CompletionStage<DrainResult> release(Server server, Duration within) {
        CompletableFuture<DrainResult> result = new CompletableFuture<>();
        enqueue(() -> {
            CompletableFuture<DrainResult> sum = CompletableFuture.completedFuture(DrainResult.NOTHING);
            for (ListenerState state : listeners) {
                sum = sum.thenCombine(askToRelease(state, server, within), DrainResult::plus);
            }
            var unused = sum.thenAccept(result::complete);
        });
        return result;
    }

    private CompletableFuture<DrainResult> askToRelease(ListenerState state, Server server, Duration within) {
        CompletableFuture<DrainResult> answer = new CompletableFuture<>();
        Subscription deadline =
                scheduler.schedule(within.plus(DRAIN_MARGIN), () -> answer.complete(DrainResult.NOTHING));
        var unused = state.release(server, within).whenComplete((counted, e) -> {
            deadline.close();
            answer.complete(e == null ? counted : DrainResult.NOTHING);
        });
        return answer;
    }

    /** Ends the delivery of notifications. */
    public void close() {
        listeners.forEach(f -> f.closed = true);
        listeners.clear();
    }

    private void enqueue(Runnable what) {
        pending.add(what);
        if (awake.compareAndSet(false, true)) {
            scheduler.execute(this::deliver);
        }
    }

    private void deliver() {
        awake.set(false);
        try {
            for (Runnable next; (next = pending.poll()) != null; ) {
                next.run();
            }
        } finally {
            if (!pending.isEmpty() && awake.compareAndSet(false, true)) {
                scheduler.execute(this::deliver);
            }
        }
    }

    /** One listener and the last version delivered to it; confined to the scheduler except for {@link #closed}. */
    private final class ListenerState {
        private final PoolListener listener;
        private long deliveredVersion;

        /** Written by the thread that closes the subscription, read before each call. */
        private volatile boolean closed;

        ListenerState(PoolListener listener) {
            this.listener = listener;
        }

        void catchUp() {
            Membership newest = membership;
            if (newest.version() > deliveredVersion) {
                deliveredVersion = newest.version();
                tell("a membership", l -> l.changed(newest));
            }
        }

        void tell(String what, Consumer<PoolListener> call) {
            if (!closed) {
                log.calls().run(listener, what, () -> call.accept(listener));
            }
        }

        CompletableFuture<DrainResult> release(Server server, Duration within) {
            if (closed) {
                return CompletableFuture.completedFuture(DrainResult.NOTHING);
            }
            return log.calls().infallible(listener, "a drain", () -> listener.release(server, within));
        }
    }
}
