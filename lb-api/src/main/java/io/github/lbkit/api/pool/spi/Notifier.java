package io.github.lbkit.api.pool.spi;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.pool.PoolLog;
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
 * What a pool owes its listeners: every snapshot in full, one call at a time on the pool's scheduler, never inside
 * {@code subscribe} nor under a lock. What is said in order is heard in order; a snapshot that was overtaken by a newer
 * one is skipped. A listener that throws, or whose {@code release} returns no proper stage, is logged and harms no other.
 * Thread-safe.
 *
 * <p>For whoever writes a pool: it holds the newest membership, so that {@link ServerPool#membership} and {@link
 * ServerPool#subscribe} are one call each. {@link PolledPool} and {@link DrainingMembership} stand on it.
 */
public final class Notifier {
    /** How long after a drain's deadline answers of listeners are still waited for. */
    private static final Duration DRAIN_MARGIN = Duration.ofMillis(500);

    private final PoolLog log;
    private final Scheduler scheduler;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> said = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();

    /** Written by the pool's one writer, read by everyone. */
    private volatile Membership membership = Membership.UNKNOWN;

    /**
     * Nothing is known yet and nobody listens.
     *
     * @param pool the pool's name, for the log
     * @param scheduler where listeners are called; the pool closes it
     */
    public Notifier(String pool, Scheduler scheduler) {
        this.log = new PoolLog(pool, scheduler);
        this.scheduler = scheduler;
    }

    /** The newest snapshot; never blocks. {@link Membership#UNKNOWN} until one was published. */
    public Membership membership() {
        return membership;
    }

    /** Tells this listener the newest snapshot soon, and then all that is said, until the subscription is closed. */
    public Subscription subscribe(PoolListener listener) {
        Follower follower = new Follower(listener);
        followers.add(follower);
        say(follower::catchUp);
        return () -> {
            follower.closed = true;
            followers.remove(follower);
        };
    }

    /** Makes this the newest snapshot; only the pool's one writer calls it. */
    public void publish(Membership newest) {
        membership = newest;
        say(() -> followers.forEach(Follower::catchUp));
    }

    /** Tells of an event, after the snapshots that were published before it; the log has a line for it, too. */
    public void happened(PoolEvent event) {
        log.happened(event);
        relay(event);
    }

    /** Tells the listeners of an event of another pool, which has written the event's log line already. */
    public void relay(PoolEvent event) {
        say(() -> followers.forEach(follower -> follower.tell("an event", l -> l.happened(event))));
    }

    /** Runs this on the scheduler once the listeners have heard all that was said before. */
    public void afterwards(Runnable task) {
        say(task);
    }

    /**
     * Asks every listener to let go of this server. Completes with the sum of what they counted, shortly after the time
     * is over at the latest; a listener that has not answered then counts for nothing.
     */
    public CompletionStage<DrainResult> release(Server server, Duration within) {
        CompletableFuture<DrainResult> result = new CompletableFuture<>();
        say(() -> {
            CompletableFuture<DrainResult> sum = CompletableFuture.completedFuture(DrainResult.NOTHING);
            for (Follower follower : followers) {
                sum = sum.thenCombine(askToRelease(follower, server, within), DrainResult::plus);
            }
            var unused = sum.thenAccept(result::complete);
        });
        return result;
    }

    private CompletableFuture<DrainResult> askToRelease(Follower follower, Server server, Duration within) {
        CompletableFuture<DrainResult> answer = new CompletableFuture<>();
        Subscription deadline =
                scheduler.schedule(within.plus(DRAIN_MARGIN), () -> answer.complete(DrainResult.NOTHING));
        var unused = follower.release(server, within).whenComplete((counted, e) -> {
            deadline.close();
            answer.complete(e == null ? counted : DrainResult.NOTHING);
        });
        return answer;
    }

    /** Nobody is told anything any more. */
    public void close() {
        followers.forEach(f -> f.closed = true);
        followers.clear();
    }

    private void say(Runnable what) {
        said.add(what);
        if (awake.compareAndSet(false, true)) {
            scheduler.execute(this::deliver);
        }
    }

    private void deliver() {
        awake.set(false);
        try {
            for (Runnable next; (next = said.poll()) != null; ) {
                next.run();
            }
        } finally {
            if (!said.isEmpty() && awake.compareAndSet(false, true)) {
                scheduler.execute(this::deliver);
            }
        }
    }

    /** One listener and what it has heard; confined to the scheduler but for {@link #closed}. */
    private final class Follower {
        private final PoolListener listener;
        private long heard;

        /** Written by whoever closes the subscription, read before each call. */
        private volatile boolean closed;

        Follower(PoolListener listener) {
            this.listener = listener;
        }

        void catchUp() {
            Membership newest = membership;
            if (newest.version() > heard) {
                heard = newest.version();
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
