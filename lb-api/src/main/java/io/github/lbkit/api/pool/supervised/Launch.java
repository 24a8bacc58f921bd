package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.internal.pool.PoolLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One launch or adoption of an instance, with its probing until the instance passes or the time is over. Ends exactly
 * once. Confined to the pool's loop.
 */
final class Launch {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ANSWER_OVERDUE = Duration.ofSeconds(2);
    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final long LAST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();

    private final PoolLoop loop;
    private final Probe probe;
    private final Outcome outcome;
    private final LaunchRequest request;
    private final HashedSpec spec;
    private final boolean adopted;
    private final long beganNanos;
    private @Nullable Subscription deadline;
    private @Nullable Subscription overdue;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private int probes;
    private String lastAnswer = "";
    private boolean over;

    /** The receiver of the end of a launch. */
    interface Outcome {
        void ready(Launch launch, Instance instance);

        /**
         * Reports that an adopted instance runs and has not passed its probe in time. Probing continues, and {@link
         * #ready} follows when the instance passes.
         */
        void unproven(Launch launch, Instance instance, String reason);

        void failed(Launch launch, String reason);

        /** Reports that the launcher completed a launch that was given up before. */
        void late(Launch launch);
    }

    Launch(PoolLoop loop, Probe probe, Outcome outcome, LaunchRequest request, HashedSpec spec, boolean adopted) {
        this.loop = loop;
        this.probe = probe;
        this.outcome = outcome;
        this.request = request;
        this.spec = spec;
        this.adopted = adopted;
        this.beganNanos = loop.nanoTime();
    }

    InstanceId key() {
        return request.instanceId();
    }

    /** Returns the hash of the instance's spec. */
    String specHash() {
        return spec.hash();
    }

    boolean adopted() {
        return adopted;
    }

    Duration age() {
        return Duration.ofNanos(loop.nanoTime() - beganNanos);
    }

    void begin(Launcher launcher, Duration timeout) {
        deadline(timeout);
        loop.call(launcher, "a launch", () -> launcher.launch(request, spec.real()), this::launched, this::fail);
    }

    void adopt(LaunchedInstance found, Duration timeout) {
        deadline = loop.schedule(timeout, () -> {
            Instance instance = found.instance().orElse(null);
            if (!over && instance != null) {
                outcome.unproven(this, instance, notReady(timeout));
            }
        });
        launched(found);
    }

    /** Ends the launch as failed. */
    void fail(String reason) {
        if (end()) {
            outcome.failed(this, reason);
        }
    }

    /** Ends the launch without an outcome, because its instance is no longer wanted. */
    void giveUp() {
        end();
    }

    private void deadline(Duration timeout) {
        deadline = loop.schedule(timeout, () -> fail(notReady(timeout)));
    }

    private String notReady(Duration timeout) {
        return "not ready within " + timeout.toMillis() + " ms" + lastAnswer;
    }

    private void launched(LaunchedInstance launched) {
        Instance instance = launched.instance().orElse(null);
        if (over) {
            outcome.late(this);
        } else if (!key().equals(launched.instanceId())) {
            fail("the launcher was asked for " + key() + " and answered with " + launched.instanceId());
        } else if (instance == null) {
            fail("launched without an address");
        } else {
            ask(instance);
        }
    }

    private void ask(Instance instance) {
        if (over) {
            return;
        }
        int number = ++probes;
        loop.call(
                probe,
                "a probe",
                () -> probe.probe(instance, PROBE_TIMEOUT),
                result -> answered(instance, number, result),
                reason -> answered(instance, number, ProbeResult.failed(reason)));
        overdue = loop.schedule(
                ANSWER_OVERDUE, () -> answered(instance, number, ProbeResult.failed("the probe gave no answer")));
    }

    private void answered(Instance instance, int number, ProbeResult result) {
        if (over || number != probes) {
            return;
        }
        probes++;
        if (overdue != null) {
            overdue.close();
        }
        if (result.passed()) {
            end();
            outcome.ready(this, instance);
        } else {
            lastAnswer = "; last probe: " + result.detail();
            loop.schedule(Duration.ofNanos(pauseNanos), () -> ask(instance));
            pauseNanos = Math.min(LAST_PAUSE_NANOS, pauseNanos + pauseNanos / 2);
        }
    }

    private boolean end() {
        boolean first = !over;
        over = true;
        if (deadline != null) {
            deadline.close();
        }
        if (overdue != null) {
            overdue.close();
        }
        return first;
    }
}
