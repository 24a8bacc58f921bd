package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.EventLoop;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One instance on its way out: drained if it served, then terminated, again and again until the launcher says that it
 * is gone. Confined to the pool's loop.
 */
final class Termination {
    private static final Duration ENGINE_MARGIN = Duration.ofSeconds(10);

    private final EventLoop loop;
    private final Launcher launcher;
    private final Duration grace;
    private final Backoff backoff;
    private final PoolLog log;
    private final InstanceId key;
    private final Consumer<Termination> gone;
    private final @Nullable Server shown;
    private boolean announced;
    private boolean stopping;
    private boolean over;
    private int attempts;
    private @Nullable Subscription overdue;

    /** What it needs of the pool. */
    record Means(
            EventLoop loop,
            Launcher launcher,
            Duration grace,
            Backoff backoff,
            PoolLog log,
            Consumer<Termination> gone) {}

    /**
     * @param shown the server as the membership shows it until it is gone; null if another has taken its place
     */
    Termination(Means means, InstanceId key, @Nullable Server shown) {
        this.loop = means.loop();
        this.launcher = means.launcher();
        this.grace = means.grace();
        this.backoff = means.backoff();
        this.log = means.log();
        this.gone = means.gone();
        this.key = key;
        this.shown = shown;
    }

    InstanceId key() {
        return key;
    }

    Optional<Server> shown() {
        return Optional.ofNullable(shown);
    }

    /** Its end is worth an event. */
    Termination announce() {
        announced = true;
        return this;
    }

    boolean announced() {
        return announced;
    }

    /** Asks the listeners to let go, and stops the instance when they have or the time is over. */
    void drain(Notifier notifier, Server draining, Duration within, Consumer<DrainResult> drained) {
        if (stopping) {
            return;
        }
        loop.call(
                notifier,
                "a drain",
                () -> notifier.release(draining, within),
                result -> {
                    if (!stopping) {
                        drained.accept(result);
                        stop();
                    }
                },
                reason -> stop());
    }

    /** Stops the instance now. */
    void stop() {
        if (!stopping) {
            stopping = true;
            terminate();
        }
    }

    private void terminate() {
        if (over) {
            return;
        }
        if (overdue != null) {
            overdue.close();
        }
        int number = ++attempts;
        loop.ending(
                launcher,
                "a termination",
                () -> launcher.terminate(key.serverId(), key.generation(), grace),
                this::end,
                reason -> {
                    log.warn(
                            key.serverId(),
                            "not stopped",
                            "generation {} could not be stopped: {}",
                            key.generation(),
                            reason);
                    again(number, backoff.after(number + 1));
                });
        overdue = loop.later(grace.plus(ENGINE_MARGIN), () -> again(number, Duration.ZERO));
    }

    private void again(int number, Duration delay) {
        if (!over && number == attempts) {
            loop.later(delay, () -> {
                if (number == attempts) {
                    terminate();
                }
            });
        }
    }

    private void end() {
        if (!over) {
            over = true;
            if (overdue != null) {
                overdue.close();
            }
            gone.accept(this);
        }
    }
}
