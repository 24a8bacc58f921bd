package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One instance of a simulated server, with its queue and attempts in work. Confined to the thread of the simulation.
 */
final class SimulatedInstance {
    /** The time until a client learns that its connection is refused. */
    private static final Duration REFUSAL_TIME = Duration.ofMillis(1);

    private final Instance instance;
    private final Scheduler scheduler;
    private final RandomSource random;
    private final long beganNanos;

    /** The attempts that wait for a response in order of arrival; a crash ends them in this order in every run. */
    private final Map<PendingAttempt, Stage> pending = new LinkedHashMap<>();

    private final ArrayDeque<PendingAttempt> queue = new ArrayDeque<>();
    private ServerModel model;
    private int inWork;
    private boolean gone;

    private enum Stage {
        QUEUED,
        IN_WORK,
        /** In work without a response to come. */
        UNRESPONSIVE
    }

    SimulatedInstance(Instance instance, ServerModel model, Scheduler scheduler, RandomSource random) {
        this.instance = instance;
        this.model = model;
        this.scheduler = scheduler;
        this.random = random;
        this.beganNanos = scheduler.nanoTime();
    }

    Instance instance() {
        return instance;
    }

    ServerModel model() {
        return model;
    }

    /** Returns the attempts that wait for a response in order of arrival. */
    List<PendingAttempt> pendingAttempts() {
        return List.copyOf(pending.keySet());
    }

    /** Sets the model; attempts in work keep their responses. */
    void setModel(ServerModel newModel) {
        model = newModel;
        workOnQueue();
    }

    void take(PendingAttempt attempt) {
        if (gone) {
            scheduler.schedule(REFUSAL_TIME, () -> attempt.failed(Failure.CONNECT));
        } else if (inWork < model.concurrency()) {
            work(attempt);
        } else if (queue.size() < model.queueCapacity()) {
            pending.put(attempt, Stage.QUEUED);
            queue.add(attempt);
        } else {
            scheduler.execute(() -> attempt.failed(Failure.OVERLOADED));
        }
    }

    /** Removes an attempt whose client no longer waits for a response. */
    void abandoned(PendingAttempt attempt) {
        Stage stage = pending.remove(attempt);
        if (stage == Stage.QUEUED) {
            queue.remove(attempt);
        } else if (stage == Stage.UNRESPONSIVE) {
            workEnded();
        }
    }

    /** Ends the instance: pending attempts are cut, and later ones are refused. */
    void end() {
        gone = true;
        queue.clear();
        List<PendingAttempt> cut = pendingAttempts();
        pending.clear();
        cut.forEach(attempt -> attempt.failed(Failure.DISCONNECT));
    }

    private void work(PendingAttempt attempt) {
        inWork++;
        ServerResponse response =
                model.behaviour().respond(Duration.ofNanos(scheduler.nanoTime() - beganNanos), random);
        pending.put(attempt, response instanceof ServerResponse.None ? Stage.UNRESPONSIVE : Stage.IN_WORK);
        if (response instanceof ServerResponse.Success success) {
            scheduler.schedule(success.after(), () -> {
                if (finish(attempt)) {
                    attempt.succeeded();
                }
            });
        } else if (response instanceof ServerResponse.Failed failed) {
            scheduler.schedule(failed.after(), () -> {
                if (finish(attempt)) {
                    attempt.failed(failed.failure());
                }
            });
        }
    }

    /** Ends the work on an attempt; returns whether a client still waits for the response. */
    private boolean finish(PendingAttempt attempt) {
        boolean isAwaited = pending.remove(attempt) != null;
        workEnded();
        return isAwaited;
    }

    private void workEnded() {
        inWork--;
        workOnQueue();
    }

    private void workOnQueue() {
        while (!gone && inWork < model.concurrency() && !queue.isEmpty()) {
            work(queue.remove());
        }
    }
}
