package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A managed pool whose servers can be brought to another command or image while they serve. Thread-safe.
 *
 * <p>What is refused is refused as {@link ManagedServerPool} says; a spec of a kind that the pool does not launch is
 * among it.
 */
public interface RollingPool extends ManagedServerPool {
    /**
     * Replaces every server that is not made of this spec by one that is, some at a time in order of joining: the new
     * instance is launched beside the old one, which serves until the new one is ready, and then drains.
     *
     * <ul>
     *   <li>When a server's new instances fail too often, the rollout stops by itself: that server keeps its old instance,
     *       or gets one of the old spec if it has none, and the servers after it are not touched.
     *   <li>The same spec again resumes what has stopped, since what is made of it already is left alone; {@link #spec()}
     *       reverts it. Asked for while a rollout is under way, that one stops first, at once.
     *   <li>A server that dies meanwhile is launched again from what it was made of; one that joins is made of the new spec
     *       once another serves that is.
     *   <li>What was rolled out, and a rollout under way, outlive the owner of the pool: the next one goes on with it,
     *       unless it is configured with another spec. See {@link SupervisedOptions.OnSpecChange}.
     * </ul>
     *
     * <p>The result says of every server that it was replaced, failed and why, or is unchanged and why; it is complete if
     * nothing failed.
     */
    CompletionStage<PoolChange> rollOut(LaunchSpec spec, RolloutOptions how);

    /**
     * The spec that a rollout of this one would bring now: names that may stand for another thing tomorrow, such as the tag
     * of an image, are resolved. Its hash is what {@link #specs} shows afterwards. A pool whose specs hold no such names
     * returns the same.
     */
    default CompletionStage<LaunchSpec> resolve(LaunchSpec spec) {
        return CompletableFuture.completedFuture(spec);
    }

    /** {@link #rollOut(LaunchSpec, RolloutOptions)} as the pool's options say. */
    CompletionStage<PoolChange> rollOut(LaunchSpec spec);

    /**
     * Rolls back as the pool's options say: while a rollout is under way, or after one that stopped, to {@link #spec}; after a
     * complete one to the spec before it. Reverting twice returns to where the first revert came from. Refused with {@link
     * PoolChangeRefusedException.Reason#NOTHING_TO_REVERT} if nothing was rolled out.
     */
    CompletionStage<PoolChange> revert();

    /** The spec that {@link #revert} would roll out now; empty if it would be refused. */
    Optional<LaunchSpec> revertsTo();

    /** What was rolled out completely last, at first the launcher's spec: where a rollout that stopped came from. */
    LaunchSpec spec();

    /** What each server that serves was made of, as far as this process knows: hashes of specs by id. */
    Map<String, String> specs();
}
