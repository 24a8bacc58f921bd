package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a launcher knows of one instance, from before its launch until it is gone. The launcher's lock guards what
 * changes.
 */
final class TrackedInstance {
    final LaunchRequest request;

    /** By what the engine knows it: its id, or before that its name. */
    String container;

    /** Completes when its launch has nothing more to do, whatever came of it. */
    final CompletableFuture<Void> made = new CompletableFuture<>();

    /** Completes when the engine calls it healthy. */
    final CompletableFuture<Void> healthy = new CompletableFuture<>();

    /** Completes when its process has ended; with how it ended. */
    final CompletableFuture<String> ended = new CompletableFuture<>();

    /** Completes when what it wrote last has been asked for; at once if nobody asks. Written on the thread of the events. */
    volatile CompletableFuture<String> lastWords = CompletableFuture.completedFuture("nobody asks");

    /** Somebody has asked for its end. */
    boolean terminating;

    /** It was seen able to serve. */
    boolean served;

    /** Since when; a list that was asked for before proves nothing against it. Meaningless unless {@link #served}. */
    long servedNanos;

    /** Where it was found first; null if it is not known. */
    @Nullable
    Address address;

    /** When its end was told; meaningless unless {@link #told}. */
    long toldNanos;

    boolean told;

    /** Its health check fails. */
    boolean unhealthy;

    /** Completes when it is gone, once somebody has asked for that. */
    @Nullable
    CompletableFuture<Void> gone;

    private TrackedInstance(LaunchRequest request, String container) {
        this.request = request;
        this.container = container;
    }

    /** An instance that is about to be launched under this name. */
    static TrackedInstance launching(LaunchRequest request, String name) {
        return new TrackedInstance(request, name);
    }

    /** An instance that was found; nobody here is launching it. */
    static TrackedInstance found(LaunchRequest request, String id) {
        TrackedInstance found = new TrackedInstance(request, id);
        found.made.complete(null);
        return found;
    }

    /** What has become of its address, in words; empty if it is where it was. */
    String moved(Container listed) {
        Address before = address;
        if (before == null || listed.address().filter(before::equals).isPresent()) {
            return "";
        }
        return listed.address()
                .map(now -> "its address is " + now + " now and was " + before)
                .orElse("it has no address any more where it was found, and was at " + before);
    }

    @Override
    public String toString() {
        return request.name() + " (" + request.id() + " generation " + request.generation() + ")";
    }
}
