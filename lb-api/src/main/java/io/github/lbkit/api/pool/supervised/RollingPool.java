package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A managed pool that can move its servers to another command or image while they serve. Thread-safe.
 *
 * <p>Changes are refused as {@link ManagedServerPool} describes; a spec of a kind that the pool cannot launch is
 * refused, too.
 */
public interface RollingPool extends ManagedServerPool {
    /**
     * Replaces every instance of another spec, a few at a time, in order of joining. The new instance is launched
     * beside the old one, which serves until the new one is ready, and then drains.
     *
     * <ul>
     *     <li>When the new instances of a server fail too often, the rollout stops. That server keeps its old
     *       instance, or gets one of the old spec if it has none. The remaining servers are not touched.
     *     <li>A rollout of the same spec resumes one that has stopped, because servers that run the spec are left
     *       alone. A rollout of {@link #spec()} reverts it. A new rollout stops the one under way at once.
     *     <li>A server whose instance dies meanwhile is launched again from the spec that it had. A server that joins
     *       gets the new spec once another server runs it.
     *     <li>The result of a rollout, and a rollout under way, survive the owner of the pool. The next owner
     *       continues it, unless it is configured with another spec. See {@link SupervisedOptions.OnSpecChange}.
     * </ul>
     *
     * <p>The result tells for every server whether it was replaced, has failed or is unchanged, and why. The rollout
     * is complete if no server has failed.
     */
    CompletionStage<PoolChange> rollOut(LaunchSpec spec, RolloutOptions how);

    /**
     * Returns this spec with its names resolved, such as the tag of an image: the spec that a rollout would launch
     * now. Its hash is the one that {@link #specs} shows after the rollout. A pool whose specs hold no such names
     * returns the same spec.
     */
    default CompletionStage<LaunchSpec> resolve(LaunchSpec spec) {
        return CompletableFuture.completedFuture(spec);
    }

    /** Rolls out this spec with the pool's own options. */
    CompletionStage<PoolChange> rollOut(LaunchSpec spec);

    /**
     * Rolls back with the pool's own options: to {@link #spec} while a rollout is under way or after one that has
     * stopped, otherwise to the spec before the last complete rollout. A second revert returns to the spec before the
     * first one. Refused with {@link PoolChangeRefusedException.Reason#NOTHING_TO_REVERT} if there was no rollout.
     */
    CompletionStage<PoolChange> revert();

    /** The spec that {@link #revert} would roll out now; empty if a revert would be refused. */
    Optional<LaunchSpec> revertsTo();

    /** The spec of the last complete rollout, at first the spec of the launcher. */
    LaunchSpec spec();

    /** The hash of the spec of each serving instance, by server id, as far as this process knows. */
    Map<String, String> specs();
}
