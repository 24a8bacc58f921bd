package io.github.lbkit.docker.internal.container;

import io.github.lbkit.docker.internal.engine.Engine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The removal of containers: signal to stop, grace period, kill and removal. The grace period holds no thread, so that
 * many containers can be removed at the same time. Thread-safe.
 */
public final class ContainerRemoval {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
    private static final Duration REMOVAL_TIMEOUT = Duration.ofSeconds(30);

    private final Engine engine;
    private final Containers containers;

    ContainerRemoval(Engine engine, Containers containers) {
        this.engine = engine;
        this.containers = containers;
    }

    /** Removes all containers of a pool at once; completes when they are removed. */
    public static CompletionStage<Void> removeAll(Engine engine, String pool, Ownership ownership) {
        Containers containers = new Containers(engine, pool);
        return engine.run(containers::list)
                .thenCompose(listed -> CompletableFuture.allOf(listed.stream()
                        .map(container -> engine.run(() -> {
                                    ownership.require();
                                    return containers.remove(container.id());
                                })
                                .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
    }

    /** Stops and removes the container of an instance; completes when the container is removed. */
    CompletionStage<Void> remove(TrackedInstance instance, Duration grace) {
        String container = instance.container;
        CompletionStage<Void> stopped = grace.isZero()
                ? CompletableFuture.completedFuture(null)
                : engine.run(() -> containers.signalStop(container))
                        .thenCompose(signalled ->
                                signalled ? awaitEnd(instance, grace) : CompletableFuture.completedFuture(null));
        long deadline = engine.clock().nanoTime() + grace.plus(REMOVAL_TIMEOUT).toNanos();
        return stopped.thenCompose(nothing -> removeUntil(container, deadline));
    }

    /** Completes when the process has ended or the grace period is over. */
    private CompletionStage<Void> awaitEnd(TrackedInstance instance, Duration grace) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        engine.clock().schedule(grace, () -> over.complete(null));
        var unused = instance.ended.thenRun(() -> over.complete(null));
        pollEnd(instance.container, over);
        return over;
    }

    /** Inspects the container repeatedly, since the event of its end may be late or lost. */
    private void pollEnd(String container, CompletableFuture<Void> over) {
        engine.clock().schedule(POLL_INTERVAL, () -> {
            if (!over.isDone()) {
                var unused = engine.run(() -> containers.isRunning(container)).whenComplete((running, e) -> {
                    if (e == null && !running) {
                        over.complete(null);
                    } else {
                        pollEnd(container, over);
                    }
                });
            }
        });
    }

    /** Removes the container; if another process is removing it, waits for that removal until the deadline. */
    private CompletionStage<Void> removeUntil(String container, long deadline) {
        return engine.run(() -> containers.remove(container)).thenCompose(removed -> {
            if (removed) {
                return CompletableFuture.completedFuture(null);
            } else if (engine.clock().nanoTime() - deadline > 0) {
                return CompletableFuture.failedFuture(new IllegalStateException(
                        "container " + container + " is still there though its removal is under way"));
            }
            CompletableFuture<Void> pause = new CompletableFuture<>();
            engine.clock().schedule(POLL_INTERVAL, () -> pause.complete(null));
            return pause.thenCompose(nothing -> removeUntil(container, deadline));
        });
    }
}
