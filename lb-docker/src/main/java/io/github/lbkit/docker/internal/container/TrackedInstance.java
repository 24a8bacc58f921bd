package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The state of one instance in a launcher, from before its launch until its container is removed. Fields that change
 * are guarded by the lock of {@link InstanceStates}, unless they are volatile.
 */
final class TrackedInstance {
    final LaunchRequest request;

    /** The engine's id of the container, or its name before the container is created. */
    String container;

    /** Completes when the launch has ended, with or without success. */
    final CompletableFuture<Void> launchEnded = new CompletableFuture<>();

    /** Completes when the engine reports the container as healthy. */
    final CompletableFuture<Void> healthy = new CompletableFuture<>();

    /** Completes when the process has ended, with a description of its end. */
    final CompletableFuture<String> ended = new CompletableFuture<>();

    /**
     * Completes when the last output of the process has been read; completed from the start if nothing reads the
     * output. Written on the thread of the events.
     */
    volatile CompletableFuture<String> outputRead = CompletableFuture.completedFuture("not requested");

    /** True once the removal was requested. */
    boolean terminating;

    /** True once the container was seen in a state in which it serves. */
    boolean served;

    /**
     * The time since when the container serves. A list requested earlier cannot refute it. Valid if {@link #served}.
     */
    long servedNanos;

    /** The first known address; null if none is known. */
    @Nullable
    Address address;

    /** True once listeners were notified that the container has ended. */
    boolean endReported;

    /** The time of that notification; valid if {@link #endReported}. */
    long endReportedNanos;

    /** True while the health check fails. */
    boolean unhealthy;

    /** Completes when the container is removed; null until the removal is requested. */
    @Nullable
    CompletableFuture<Void> removal;

    private TrackedInstance(LaunchRequest request, String container) {
        this.request = request;
        this.container = container;
    }

    /** Returns the state of an instance that is about to be launched in a container of this name. */
    static TrackedInstance launching(LaunchRequest request, String name) {
        return new TrackedInstance(request, name);
    }

    /** Returns the state of an instance that was listed and that this launcher did not launch. */
    static TrackedInstance found(LaunchRequest request, String id) {
        TrackedInstance found = new TrackedInstance(request, id);
        found.launchEnded.complete(null);
        return found;
    }

    /** Returns a description of a changed or lost address; empty if the address is unchanged. */
    String describeMove(Container listed) {
        Address before = address;
        if (before == null || listed.address().filter(before::equals).isPresent()) {
            return "";
        }
        return listed.address()
                .map(now -> "its address is " + now + " now and was " + before)
                .orElse("it has no address any more; its address was " + before);
    }

    @Override
    public String toString() {
        return request.name() + " (" + request.id() + " generation " + request.generation() + ")";
    }
}
