package io.github.lbkit.api.internal;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A checker that probes every ready instance periodically and reports changed verdicts. Confined to its scheduler,
 * except for {@link #follow}.
 */
public final class HealthChecker {
    /** The time after a probe's timeout during which its result is still accepted. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private final HealthChecks settings;
    private final Scheduler scheduler;
    private final LongSupplier random;
    private final Verdicts verdicts;
    private final GuardedCalls calls;
    private final Deque<Check> waiting = new ArrayDeque<>();
    private Map<InstanceId, Check> checks = new HashMap<>();
    private int underWay;

    /** The version of the newest membership. */
    private long followed;

    /** A listener of verdicts. Called on the scheduler. */
    public interface Verdicts {
        /** Called when the checking of an instance begins, with its first verdict; earlier verdicts are void. */
        default void begins(Server server, Instance instance, boolean healthy) {}

        /**
         * Called with the result of one probe, before a change of the verdict.
         *
         * @param detail the reason of the failure; empty if the probe passed
         */
        default void answered(Server server, Instance instance, boolean passed, String detail) {}

        /**
         * Called when the verdict of an instance has changed.
         *
         * @param reason the detail of the last probe; empty if the probe passed
         */
        void changed(Server server, Instance instance, boolean healthy, String reason);
    }

    /** Creates a checker without instances. */
    public HealthChecker(HealthChecks settings, Scheduler scheduler, LongSupplier random, Verdicts verdicts) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.random = random;
        this.verdicts = verdicts;
        calls = new GuardedCalls("health checks", LoggerFactory.getLogger(HealthChecker.class), scheduler::nanoTime);
    }

    /** Returns the verdict of an instance before its first probe. */
    public boolean initiallyHealthy() {
        return settings.initial() == HealthChecks.Initial.HEALTHY;
    }

    /**
     * Replaces the checked instances by those of this membership; probes the ready ones and drops the verdicts of
     * others. Any thread may call this method.
     */
    public void follow(Membership membership) {
        scheduler.execute(() -> change(membership));
    }

    private void change(Membership membership) {
        if (membership.version() < followed) {
            return; // threads that change the membership may overtake each other on their way here
        }
        followed = membership.version();
        Map<InstanceId, Check> before = checks;
        checks = new HashMap<>();
        for (Server server : membership.servers()) {
            server.instance().ifPresent(instance -> {
                InstanceId key = new InstanceId(server.id(), instance.generation());
                Check known = before.remove(key);
                Check check = known == null ? new Check(server, instance) : known;
                checks.put(key, check);
                if (known == null) {
                    verdicts.begins(server, instance, initiallyHealthy());
                }
                check.run(server);
            });
        }
        before.values().forEach(Check::stop);
    }

    /** Returns the next draw as a number from 0 to below 1; one half if the source of random numbers throws. */
    private double draw() {
        long bits = calls.value(random, "a random number", random::getAsLong, Long.MIN_VALUE);
        return (bits >>> 11) * 0x1p-53;
    }

    private void next() {
        underWay--;
        for (Check check; underWay < settings.maxConcurrent() && (check = waiting.poll()) != null; ) {
            if (check.queued) {
                check.probe();
            }
        }
    }

    /** The checks of one instance. */
    private final class Check {
        private final Instance instance;
        private final ProbeCount count = new ProbeCount(settings);
        private Server server;
        private boolean running;
        private boolean queued;
        private @Nullable Subscription timer;

        /** The probe under way; results of other probes are ignored. */
        private @Nullable Answer asked;

        Check(Server server, Instance instance) {
            this.server = server;
            this.instance = instance;
        }

        /** Probes as long as the server is ready. */
        void run(Server newest) {
            server = newest;
            boolean ready = server.state() == Server.State.READY;
            if (ready && !running) {
                running = true;
                boolean soon = count.isFailing();
                timer = scheduler.schedule(soon ? Duration.ZERO : scaled(settings.interval(), draw()), this::due);
            } else if (!ready) {
                stop();
            }
        }

        void stop() {
            running = false;
            queued = false;
            asked = null;
            if (timer != null) {
                timer.close();
            }
        }

        private void due() {
            if (underWay < settings.maxConcurrent()) {
                probe();
            } else if (!queued) {
                queued = true;
                waiting.add(this);
            }
        }

        void probe() {
            queued = false;
            underWay++;
            Answer answer = new Answer(this);
            asked = answer;
            answer.ask(instance);
        }

        private void heard(Answer answer, boolean passed, String detail) {
            if (asked != answer) {
                return;
            }
            asked = null;
            boolean changed = count.heard(passed);
            Duration pause = count.isFailing() ? settings.failingInterval() : settings.interval();
            timer = scheduler.schedule(scaled(pause, 1 + settings.jitter() * (2 * draw() - 1)), this::due);
            verdicts.answered(server, instance, passed, detail);
            if (changed) {
                verdicts.changed(server, instance, count.isHealthy(), detail);
            }
        }
    }

    /** One probe under way. Its first result counts, and ends its use of a probe slot. */
    private final class Answer {
        private final Check check;
        private final Subscription deadline;
        private boolean over;

        Answer(Check check) {
            this.check = check;
            this.deadline = scheduler.schedule(settings.timeout().plus(MARGIN), this::overdue);
        }

        void ask(Instance instance) {
            Probe probe = settings.probe();
            var unused = calls.stage(probe, "a probe", () -> probe.probe(instance, settings.timeout()))
                    .whenComplete((result, e) -> scheduler.execute(() ->
                            heard(e == null && result.passed(), e == null ? result.detail() : GuardedCalls.reason(e))));
        }

        private void overdue() {
            heard(false, "the probe gave no answer within " + settings.timeout().toMillis() + " ms");
        }

        private void heard(boolean passed, String detail) {
            if (!over) {
                over = true;
                deadline.close();
                check.heard(this, passed, detail);
                next();
            }
        }
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }
}
