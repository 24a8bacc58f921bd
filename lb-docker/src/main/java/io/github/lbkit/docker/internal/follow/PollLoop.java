package io.github.lbkit.docker.internal.follow;

import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.docker.internal.engine.Engine;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an engine again and again, one look at a time, and soon after a hint. Hints that come while a look is under way
 * lead to one more look after it, since nobody knows whether it has seen what they are about. Confined to the pool's
 * scheduler, but for {@link #hint}.
 *
 * @param <T> what a look finds
 */
public final class PollLoop<T> {
    /** The shortest time between the end of a look and the next: an event storm is one look each so long. */
    private static final Duration BREATH = Duration.ofMillis(20);

    private final Scheduler scheduler;
    private final Engine engine;
    private final Timing timing;
    private final Sight<T> sight;
    private boolean looking;
    private boolean again;
    private long begun;
    private @Nullable Subscription next;

    /**
     * How often.
     *
     * @param every the pause after a look that succeeded
     * @param afterFailure the pause after one that failed
     */
    public record Timing(Duration every, Duration afterFailure) {}

    /**
     * What is looked for, and what becomes of it.
     *
     * @param <T> what a look finds
     */
    public interface Sight<T> {
        /** Prepares a look, on the pool's scheduler; what it gives back blocks, on one of the engine's threads. */
        Supplier<T> prepare();

        /** A look has found this; looks are numbered from 1 in the order in which they began. */
        void seen(T found, long number);

        /** A look has failed. */
        void failed(Throwable why);
    }

    /** Nothing happens before {@link #hint}. */
    public PollLoop(Scheduler scheduler, Engine engine, Timing timing, Sight<T> sight) {
        this.scheduler = scheduler;
        this.engine = engine;
        this.timing = timing;
        this.sight = sight;
    }

    /** Something may have changed. Thread-safe. */
    public void hint() {
        scheduler.execute(() -> {
            if (looking) {
                again = true;
            } else {
                look();
            }
        });
    }

    /** How many looks have begun: what is noted now is seen by looks of a greater number. */
    public long begun() {
        return begun;
    }

    private void look() {
        looking = true;
        again = false;
        if (next != null) {
            next.close();
        }
        long number = ++begun;
        var unused = engine.run(sight.prepare())
                .whenComplete((found, e) -> scheduler.execute(() -> {
                    if (e == null) {
                        sight.seen(found, number);
                    } else {
                        sight.failed(e);
                    }
                    Duration pause = e == null ? timing.every() : timing.afterFailure();
                    next = scheduler.schedule(again ? BREATH : pause, this::look);
                    looking = again;
                }));
    }
}
