package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the instances of one pool run. It launches, lists, watches and terminates what it is told to, and decides
 * nothing: names, generations, readiness and retries belong to {@link SupervisedPool}.
 *
 * <p>(id, generation) names an instance within the pool, from before its launch until it is gone. Thread-safe; no
 * method blocks, stages complete on any thread. A launcher puts no deadline on its stages; its user does.
 */
public interface Launcher extends AutoCloseable {
    /**
     * Launches an instance. Completes when its address is known, which is not to say that it serves; completes
     * exceptionally if it could not be launched or ended before, the message says why.
     */
    CompletionStage<Launched> launch(LaunchRequest request);

    /**
     * Launches an instance from this spec, else as {@link #launch(LaunchRequest)} does. Asked only for specs that it
     * {@link #launches}.
     */
    default CompletionStage<Launched> launch(LaunchRequest request, LaunchSpec spec) {
        return launches(spec)
                ? launch(request)
                : CompletableFuture.failedFuture(
                        new IllegalArgumentException("spec " + spec.hash() + " is not " + specHash()));
    }

    /** Whether it can launch from this spec; a launcher that is not made for rollouts knows its own alone. */
    default boolean launches(LaunchSpec spec) {
        return spec.hash().equals(specHash());
    }

    /**
     * What exists and carries this pool's mark, running or half made, also what an earlier owner of the pool left. A
     * launch under way may be among it or not.
     */
    CompletionStage<List<Launched>> list();

    /**
     * Tells of instances that end, and of other changes, until the subscription is closed. What an earlier owner left
     * is watched from the first {@link #list} that shows it.
     */
    Subscription watch(LauncherListener listener);

    /**
     * Stops the instance and removes what is left of it. Completes when it is gone; also when it was gone already or
     * never existed. A launch under way is ended too, its stage then completes exceptionally. Again: the same.
     *
     * @param grace how long it may take to stop by itself before it is killed; zero kills at once
     */
    CompletionStage<Void> terminate(String id, long generation, Duration grace);

    /**
     * Names what is launched (command, image, settings) unless another spec is given: two launchers with the same value
     * launch the same thing.
     */
    String specHash();

    /** What is launched unless another spec is given; its hash is {@link #specHash}. */
    default LaunchSpec spec() {
        return this::specHash;
    }

    /**
     * Names what the launcher was configured with, where {@link #specHash} names what that has been resolved to, such as the
     * image behind a tag: while this stays the same, the configuration has not changed.
     */
    default String configuredHash() {
        return specHash();
    }

    /**
     * Describes a spec, so that {@link #recall} of the next owner's launcher finds it again; empty if it cannot be described.
     * The description holds no secrets beyond those of a command line.
     */
    default Optional<String> describe(LaunchSpec spec) {
        return Optional.empty();
    }

    /** The spec of a description, with every setting that the description does not hold from this launcher's own spec. */
    default Optional<LaunchSpec> recall(String description) {
        return Optional.empty();
    }

    /** The state that an earlier owner of the pool left; empty if there was none, or it ended the pool. */
    default CompletionStage<Optional<PoolState>> remembered() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Keeps the state for the next owner, in place of what was kept before; empty when the pool has ended. */
    default CompletionStage<Void> remember(Optional<PoolState> state) {
        return CompletableFuture.completedFuture(null);
    }

    /** Releases what the launcher holds, not the instances: those run on. Again: nothing happens. */
    @Override
    void close();
}
