package io.github.lbkit.api;

import io.github.lbkit.api.explain.MembershipChange;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A pool whose servers can be changed. Thread-safe, asynchronous: each result says what happened to every server.
 *
 * <p>What cannot be done is refused before anything is touched: the stage then completes with {@link
 * PoolChangeRefusedException}, and nothing has changed. Changes are carried out one after the other.
 */
public interface ManagedServerPool extends ServerPool {
    /** Returns the ids of the desired servers in order of joining, including dead servers that are being replaced. */
    List<String> desired();

    /** Returns the maximum number of desired servers. */
    int maxServers();

    /**
     * Adds servers. Completes when all are ready or have failed; failed servers leave the desired servers again.
     *
     * @param count the number of servers, at least 1
     * @param ids the ids of the first servers; the others get random ids
     */
    CompletionStage<PoolChange> add(int count, List<String> ids);

    /**
     * Removes servers. Completes when the servers get no new requests; they drain and stop afterwards.
     *
     * @param count the number of servers, at least 1 and at most the number of desired servers
     * @param ids the ids of the first servers; the others are chosen at random
     */
    CompletionStage<PoolChange> remove(int count, List<String> ids);

    /**
     * Replaces a server's instance under the same id: launches the new instance first, then drains and stops the old
     * one. If the new instance fails, the old one stays.
     */
    CompletionStage<PoolChange> replace(String id);

    /** Adds servers with random ids, or removes random servers, until this number is desired; 0 or more. */
    CompletionStage<PoolChange> resize(int desired);

    /**
     * Replaces every server's instance, one at a time in order of joining, as {@link #replace} does. Stops at the first
     * failure; later servers are reported as {@link PoolChange.Outcome#UNCHANGED}.
     */
    CompletionStage<PoolChange> replaceAll();

    /**
     * Returns the change that {@link #add} or {@link #remove} would make, and refuses for the same reasons; changes
     * nothing. The real call makes new random choices.
     */
    CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids);
}
