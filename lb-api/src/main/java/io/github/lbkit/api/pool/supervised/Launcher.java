package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The runtime of the instances of one pool. A launcher launches, lists, watches and terminates instances on request.
 * It decides nothing: names, generations, readiness and retries belong to {@link SupervisedPool}.
 *
 * <p>The pair (id, generation) identifies an instance within the pool, from before its launch until it is gone.
 * Thread-safe. No method blocks, and stages complete on any thread. A launcher puts no deadline on its stages; the
 * pool does.
 */
public interface Launcher extends AutoCloseable {
    /**
     * Launches an instance. The stage completes when the address is known, even if the instance does not serve yet. It
     * completes exceptionally, with the reason as message, if the launch failed or the instance ended before.
     */
    CompletionStage<LaunchedInstance> launch(LaunchRequest request);

    /**
     * Launches an instance from this spec, in the same way as {@link #launch(LaunchRequest)}. Called only for specs
     * that {@link #launches} accepts.
     */
    default CompletionStage<LaunchedInstance> launch(LaunchRequest request, LaunchSpec spec) {
        return launches(spec)
                ? launch(request)
                : CompletableFuture.failedFuture(
                        new IllegalArgumentException("spec " + spec.hash() + " is not " + specHash()));
    }

    /** Returns whether this launcher can launch from this spec; by default, only from its own. */
    default boolean launches(LaunchSpec spec) {
        return spec.hash().equals(specHash());
    }

    /**
     * Returns the existing instances of this pool, running or incomplete, including those of an earlier owner.
     * Instances whose launch is under way may be missing.
     */
    CompletionStage<List<LaunchedInstance>> list();

    /**
     * Reports the ends of instances and other changes, until the subscription is closed. Instances of an earlier owner
     * are watched after the first {@link #list} that contains them.
     */
    Subscription watch(LauncherListener listener);

    /**
     * Stops an instance and removes what is left of it. The stage completes when the instance is gone, also if it was
     * gone before or never existed. A launch under way ends, and its stage completes exceptionally. The call may be
     * repeated.
     *
     * @param grace the time that the instance has to stop before it is killed; zero kills at once
     */
    CompletionStage<Void> terminate(String id, long generation, Duration grace);

    /**
     * The hash of the default spec (command, image, settings). Two launchers with the same hash launch equal
     * instances.
     */
    String specHash();

    /** The default spec, whose hash is {@link #specHash}. */
    default LaunchSpec spec() {
        return this::specHash;
    }

    /**
     * The hash of the launcher's configuration, before names in it are resolved, such as the tag of an image. While
     * this hash stays the same, the configuration has not changed.
     */
    default String configuredHash() {
        return specHash();
    }

    /**
     * Describes a spec, so that {@link #recall} of the next owner's launcher can restore it; empty if the spec cannot
     * be described. The description holds no secrets except those of a command line.
     */
    default Optional<String> describe(LaunchSpec spec) {
        return Optional.empty();
    }

    /**
     * Returns the spec of a description. Settings that the description does not hold come from this launcher's own
     * spec.
     */
    default Optional<LaunchSpec> recall(String description) {
        return Optional.empty();
    }

    /** Returns the state that an earlier owner of the pool stored; empty if there is none. */
    default CompletionStage<Optional<PoolState>> remembered() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Stores the state for the next owner, in place of the previous one; empty deletes it. */
    default CompletionStage<Void> remember(Optional<PoolState> state) {
        return CompletableFuture.completedFuture(null);
    }

    /** Releases the resources of the launcher. The instances continue to run. A second call has no effect. */
    @Override
    void close();
}
