package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.internal.pool.PoolLoop;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a pool that are being removed: each drains if it has served, and is then terminated, again and again
 * until the launcher confirms that it is gone. Confined to the pool's loop.
 */
final class Terminations {
    /** The time beyond the grace period after which an unanswered termination is repeated. */
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(10);

    private final PoolLoop loop;
    private final Launcher launcher;
    private final Notifier notifier;
    private final PoolLog log;
    private final PoolPublisher publisher;
    private final Duration grace;
    private final Duration drainTimeout;
    private final Backoff retries;
    private final Consumer<InstanceId> gone;
    private final Map<InstanceId, Termination> byKey = new LinkedHashMap<>();

    /** @param gone called when the launcher has confirmed that an instance is gone */
    Terminations(PoolCore core, Notifier notifier, Backoff retries, Consumer<InstanceId> gone) {
        this.loop = core.loop();
        this.launcher = core.launcher();
        this.log = core.log();
        this.publisher = core.publisher();
        this.grace = core.options().stopGrace;
        this.drainTimeout = core.options().drainTimeout;
        this.notifier = notifier;
        this.retries = retries;
        this.gone = gone;
    }

    /** Returns the instances that are not confirmed gone yet. */
    List<InstanceId> keys() {
        return List.copyOf(byKey.keySet());
    }

    /** Returns the servers that the membership shows although they have left. */
    List<Server> shown() {
        List<Server> servers = new ArrayList<>();
        for (Termination termination : byKey.values()) {
            if (termination.shown != null) {
                servers.add(termination.shown);
            }
        }
        return servers;
    }

    boolean contains(InstanceId key) {
        return byKey.containsKey(key);
    }

    /** Terminates an instance that does not serve: it died, or was never ready. No event reports its end. */
    void end(InstanceId key) {
        termination(key, null).stop();
    }

    /** Terminates an instance that no server needs. */
    void retire(InstanceId key, String why) {
        publisher.event(new PoolEvent.Retired(key, why));
        Termination termination = termination(key, null);
        termination.reported = true;
        termination.stop();
    }

    /**
     * Drains and terminates an instance that has served.
     *
     * @param shown whether the membership shows the server until the instance is gone
     */
    void drain(Server draining, Instance instance, boolean shown) {
        InstanceId key = new InstanceId(draining.id(), instance.generation());
        Termination termination = termination(key, shown ? draining : null);
        termination.reported = true;
        publisher.then(() -> termination.drain(draining));
    }

    /** Ends the drain of an instance that has exited by itself. */
    void exited(InstanceId key) {
        Termination termination = byKey.get(key);
        if (termination != null) {
            termination.stop();
        }
    }

    /** Terminates all draining instances now. */
    void endDrains() {
        List.copyOf(byKey.values()).forEach(Termination::stop);
    }

    private Termination termination(InstanceId key, @Nullable Server shown) {
        return byKey.computeIfAbsent(key, k -> new Termination(k, shown));
    }

    /** The termination of one instance. */
    private final class Termination {
        private final InstanceId key;

        /** The server that the membership shows until the instance is gone; null if it is not shown. */
        private final @Nullable Server shown;

        /** True if an event reports the end of the instance. */
        private boolean reported;

        private boolean stopping;
        private boolean over;
        private int attempts;
        private @Nullable Subscription overdue;

        Termination(InstanceId key, @Nullable Server shown) {
            this.key = key;
            this.shown = shown;
        }

        /** Asks the listeners to release the server; stops the instance after that, or after the drain timeout. */
        void drain(Server draining) {
            if (stopping) {
                return;
            }
            loop.call(
                    notifier,
                    "a drain",
                    () -> notifier.release(draining, drainTimeout),
                    result -> {
                        if (!stopping) {
                            drained(result);
                            stop();
                        }
                    },
                    reason -> stop());
        }

        private void drained(DrainResult result) {
            publisher.event(new PoolEvent.Drained(key, result));
        }

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
                        retry(number, retries.after(number + 1));
                    });
            overdue = loop.schedule(grace.plus(ANSWER_MARGIN), () -> retry(number, Duration.ZERO));
        }

        private void retry(int number, Duration delay) {
            if (!over && number == attempts) {
                loop.schedule(delay, () -> {
                    if (number == attempts) {
                        terminate();
                    }
                });
            }
        }

        private void end() {
            if (over) {
                return;
            }
            over = true;
            if (overdue != null) {
                overdue.close();
            }
            byKey.remove(key, this);
            gone.accept(key);
            if (reported) {
                publisher.event(new PoolEvent.Stopped(key));
            }
        }
    }
}
