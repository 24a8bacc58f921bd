package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One launch of a simulated server: works on attempts, lets them wait, refuses them. Confined to the simulation's thread. */
final class SimulatedInstance {
    /** How long it takes to learn that nobody listens there. */
    private static final Duration REFUSAL = Duration.ofMillis(1);

    private final Instance instance;
    private final Scheduler scheduler;
    private final Draws draws;
    private final long beganNanos;

    /** In order of their coming, so that a crash ends them in the same order in every run. */
    private final Map<Exchange, Stage> present = new LinkedHashMap<>();

    private final ArrayDeque<Exchange> queue = new ArrayDeque<>();
    private ServerModel model;
    private int working;
    private boolean gone;

    private enum Stage {
        WAITING,
        WORKING,
        /** Worked on, but nothing will come of it. */
        SILENT
    }

    SimulatedInstance(Instance instance, ServerModel model, Scheduler scheduler, Draws draws) {
        this.instance = instance;
        this.model = model;
        this.scheduler = scheduler;
        this.draws = draws;
        this.beganNanos = scheduler.nanoTime();
    }

    Instance instance() {
        return instance;
    }

    ServerModel model() {
        return model;
    }

    /** Those that wait for an answer, in order of their coming. */
    List<Exchange> waitingForAnswers() {
        return List.copyOf(present.keySet());
    }

    /** From now on it is like this; what it works on already ends as it would have. */
    void become(ServerModel newModel) {
        model = newModel;
        workOnQueue();
    }

    void take(Exchange exchange) {
        if (gone) {
            scheduler.schedule(REFUSAL, () -> exchange.failed(Failure.CONNECT));
        } else if (working < model.atOnce()) {
            work(exchange);
        } else if (queue.size() < model.queued()) {
            present.put(exchange, Stage.WAITING);
            queue.add(exchange);
        } else {
            scheduler.execute(() -> exchange.failed(Failure.OVERLOADED));
        }
    }

    /** The client does not wait for the answer any more. */
    void givenUp(Exchange exchange) {
        Stage stage = present.remove(exchange);
        if (stage == Stage.WAITING) {
            queue.remove(exchange);
        } else if (stage == Stage.SILENT) {
            workDone();
        }
    }

    /** The instance is no more: everything that waits for it is cut, everything that comes is refused. */
    void end() {
        gone = true;
        queue.clear();
        List<Exchange> cut = waitingForAnswers();
        present.clear();
        cut.forEach(exchange -> exchange.failed(Failure.DISCONNECT));
    }

    private void work(Exchange exchange) {
        working++;
        Answer answer = model.behaviour().answer(Duration.ofNanos(scheduler.nanoTime() - beganNanos), draws);
        present.put(exchange, answer instanceof Answer.Silence ? Stage.SILENT : Stage.WORKING);
        if (answer instanceof Answer.Success success) {
            scheduler.schedule(success.after(), () -> {
                if (finish(exchange)) {
                    exchange.succeeded();
                }
            });
        } else if (answer instanceof Answer.Failed failed) {
            scheduler.schedule(failed.after(), () -> {
                if (finish(exchange)) {
                    exchange.failed(failed.failure());
                }
            });
        }
    }

    /** Whether somebody still waits for the answer. */
    private boolean finish(Exchange exchange) {
        boolean awaited = present.remove(exchange) != null;
        workDone();
        return awaited;
    }

    private void workDone() {
        working--;
        workOnQueue();
    }

    private void workOnQueue() {
        while (!gone && working < model.atOnce() && !queue.isEmpty()) {
            work(queue.remove());
        }
    }
}
