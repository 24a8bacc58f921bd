package io.github.lbkit.api;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A pool whose servers can be changed. Thread-safe, asynchronous: each result says what happened to every server.
 *
 * <p>What cannot be done is refused before anything is touched: the stage then completes with {@link
 * PoolChangeRefusedException}, and nothing has changed. Changes are carried out one after the other.
 */
public interface ManagedServerPool extends ServerPool {
    /** The ids of the desired servers in order of joining; dead ones that are being replaced are among them. */
    List<String> desired();

    /** The greatest number of desired servers. */
    int maxServers();

    /**
     * Adds servers. Completes when all are ready or have failed; those that failed leave the desired set again.
     *
     * @param count how many, at least 1
     * @param ids names for the first of them; the rest get random names
     */
    CompletionStage<PoolChange> add(int count, List<String> ids);

    /**
     * Removes servers. Completes when they get no new requests; they drain and stop behind the answer.
     *
     * @param count how many, at least 1 and at most the number of desired servers
     * @param ids the first of them; the rest are chosen at random
     */
    CompletionStage<PoolChange> remove(int count, List<String> ids);

    /**
     * Replaces a server's instance under the same id: launches the new one first, then drains and stops the old one.
     * If the new one fails, the old one stays.
     */
    CompletionStage<PoolChange> replace(String id);

    /** Adds servers with random names or removes random ones until this many are desired; 0 or more. */
    CompletionStage<PoolChange> resize(int desired);

    /**
     * Replaces every server's instance, one at a time in order of joining, as {@link #replace} does. Stops at the
     * first that fails; those after it are reported as {@link PoolChange.Outcome#UNCHANGED}.
     */
    CompletionStage<PoolChange> replaceAll();

    /**
     * The change that {@link #add} or {@link #remove} would make, refused for the same reasons; nothing changes.
     * Random choices are made anew by the real call.
     */
    CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids);
}
