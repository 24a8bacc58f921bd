package io.github.lbkit.docker.internal.container;

import io.github.lbkit.docker.internal.engine.Engine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How a container goes: asked to stop, waited for, killed and removed. No thread is held while it is waited for, so that
 * many may go at once. Thread-safe.
 */
public final class ContainerRemoval {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Engine engine;
    private final Containers containers;

    public ContainerRemoval(Engine engine, Containers containers) {
        this.engine = engine;
        this.containers = containers;
    }

    /** Removes all that there is of the pool, at once; completes when it is gone. */
    public CompletionStage<Void> removeAll(Ownership ownership) {
        return engine.run(containers::list)
                .thenCompose(listed -> CompletableFuture.allOf(listed.stream()
                        .map(one -> engine.run(() -> {
                                    ownership.require();
                                    return containers.remove(one.id());
                                })
                                .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
    }

    /** Completes when it is gone. */
    CompletionStage<Void> remove(TrackedInstance instance, Duration grace) {
        String container = instance.container;
        CompletionStage<Void> stopped = grace.isZero()
                ? CompletableFuture.completedFuture(null)
                : engine.run(() -> containers.askToStop(container))
                        .thenCompose(
                                asked -> asked ? ending(instance, grace) : CompletableFuture.completedFuture(null));
        long deadline = engine.clock().nanoTime() + grace.plus(PATIENCE).toNanos();
        return stopped.thenCompose(nothing -> gone(container, deadline));
    }

    /** Completes when the process has ended, or its grace has. */
    private CompletionStage<Void> ending(TrackedInstance instance, Duration grace) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        engine.clock().schedule(grace, () -> over.complete(null));
        var unused = instance.ended.thenRun(() -> over.complete(null));
        lookAgain(instance.container, over);
        return over;
    }

    /** An event may be lost, or be late. */
    private void lookAgain(String container, CompletableFuture<Void> over) {
        engine.clock().schedule(LOOK_EVERY, () -> {
            if (!over.isDone()) {
                var unused = engine.run(() -> containers.runs(container)).whenComplete((runs, e) -> {
                    if (e == null && !runs) {
                        over.complete(null);
                    } else {
                        lookAgain(container, over);
                    }
                });
            }
        });
    }

    /** Removes it; one that someone else is removing is waited for. */
    private CompletionStage<Void> gone(String container, long deadline) {
        return engine.run(() -> containers.remove(container)).thenCompose(removed -> {
            if (removed) {
                return CompletableFuture.completedFuture(null);
            } else if (engine.clock().nanoTime() - deadline > 0) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("container " + container + " is being removed, and does not go"));
            }
            CompletableFuture<Void> pause = new CompletableFuture<>();
            engine.clock().schedule(LOOK_EVERY, () -> pause.complete(null));
            return pause.thenCompose(nothing -> gone(container, deadline));
        });
    }
}
