package io.github.lbkit.api;

import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Probes every ready instance in its rhythm and tells what the answers change. Confined to the balancer's scheduler, but
 * for {@link #membersChanged}.
 */
final class HealthChecker {
    /** How long after a probe's timeout its own answer is still waited for. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private final HealthChecks settings;
    private final Scheduler scheduler;
    private final LongSupplier random;
    private final SnapshotWriter writer;
    private final Verdicts verdicts;
    private final Map<ServerLoad, Check> checks = new HashMap<>();
    private final Deque<Check> waiting = new ArrayDeque<>();
    private int underWay;

    /** Who is told that a verdict has changed, on the scheduler. */
    interface Verdicts {
        void changed(Server server, ProbedHealth health, String reason);
    }

    HealthChecker(
            HealthChecks settings, Scheduler scheduler, LongSupplier random, SnapshotWriter writer, Verdicts verdicts) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.random = random;
        this.writer = writer;
        this.verdicts = verdicts;
    }

    HealthChecks settings() {
        return settings;
    }

    /** There may be instances that are not probed yet, or checks without an instance; from any thread. */
    void membersChanged() {
        scheduler.execute(this::follow);
    }

    private void follow() {
        Snapshot snapshot = writer.snapshot();
        Set<ServerLoad> present = new HashSet<>();
        for (int i = 0; i < snapshot.loads.length; i++) {
            Server server = snapshot.servers[i];
            ServerLoad load = snapshot.loads[i];
            ProbedHealth health = load == null ? null : load.health.probed;
            if (server != null && load != null && health != null && server.state() == Server.State.READY) {
                present.add(load);
                Check check = checks.get(load);
                if (check == null) {
                    Check begun = new Check(server, health);
                    checks.put(load, begun);
                    begun.begin();
                } else {
                    check.server = server;
                }
            }
        }
        for (Iterator<Map.Entry<ServerLoad, Check>> all = checks.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<ServerLoad, Check> one = all.next();
            if (!present.contains(one.getKey())) {
                all.remove();
                one.getValue().end();
            }
        }
    }

    /** The share of the range that the next draw stands for, 0 to below 1. */
    private double draw() {
        return (random.getAsLong() >>> 11) * 0x1p-53;
    }

    private void next() {
        underWay--;
        for (Check check; underWay < settings.maxConcurrent() && (check = waiting.poll()) != null; ) {
            if (!check.ended) {
                check.probe();
            }
        }
    }

    /** The probing of one instance. */
    private final class Check {
        private final ProbedHealth health;
        private Server server;
        private @Nullable Subscription timer;
        private boolean ended;

        Check(Server server, ProbedHealth health) {
            this.server = server;
            this.health = health;
        }

        void begin() {
            Duration spread = health.isUnhealthy() ? Duration.ZERO : scaled(settings.interval(), draw());
            timer = scheduler.schedule(spread, this::due);
        }

        void end() {
            ended = true;
            if (timer != null) {
                timer.close();
            }
        }

        private void due() {
            if (underWay < settings.maxConcurrent()) {
                probe();
            } else {
                waiting.add(this);
            }
        }

        void probe() {
            underWay++;
            server.instance().ifPresent(new Answer(this)::ask);
        }

        private void heard(boolean passed, String detail) {
            if (ended) {
                return;
            }
            boolean changed = health.heard(passed);
            Duration pause = health.isFailing() ? settings.failingInterval() : settings.interval();
            timer = scheduler.schedule(scaled(pause, 1 + settings.jitter() * (2 * draw() - 1)), this::due);
            if (changed) {
                verdicts.changed(server, health, detail);
            }
        }
    }

    /** One probe under way: what is heard first counts, and gives its place to the next. */
    private final class Answer {
        private final Check check;
        private final Subscription deadline;
        private boolean over;

        Answer(Check check) {
            this.check = check;
            this.deadline = scheduler.schedule(settings.timeout().plus(MARGIN), this::overdue);
        }

        void ask(Instance instance) {
            CompletionStage<ProbeResult> stage;
            try {
                stage = settings.probe().probe(instance, settings.timeout());
            } catch (RuntimeException e) {
                scheduler.execute(() -> heard(false, reason(e)));
                return;
            }
            var unused = stage.whenComplete((result, e) -> scheduler.execute(
                    () -> heard(e == null && result.passed(), e == null ? result.detail() : reason(e))));
        }

        private void overdue() {
            heard(false, "the probe gave no answer within " + settings.timeout());
        }

        private void heard(boolean passed, String detail) {
            if (!over) {
                over = true;
                deadline.close();
                check.heard(passed, detail);
                next();
            }
        }
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }

    private static String reason(Throwable e) {
        Throwable cause =
                e instanceof java.util.concurrent.CompletionException && e.getCause() != null ? e.getCause() : e;
        return cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    }
}
