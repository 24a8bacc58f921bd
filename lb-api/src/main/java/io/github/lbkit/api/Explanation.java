package io.github.lbkit.api;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Why a key goes where it goes. Immutable.
 *
 * @param key the key, for people
 * @param policy the policy's name
 * @param membershipVersion of the snapshot that was used
 * @param keyHash the hash that routed it; empty for a policy that does not route by key
 * @param position what the policy says about where the hash lands, such as a slot; empty if it has nothing to say
 * @param candidates in the order in which a call would try them
 * @param chosen the id that a call would get now
 */
public record Explanation(
        String key,
        String policy,
        long membershipVersion,
        OptionalLong keyHash,
        String position,
        List<Candidate> candidates,
        Optional<String> chosen) {
    /** Copies. */
    public Explanation {
        candidates = List.copyOf(candidates);
    }

    /**
     * One candidate.
     *
     * @param id the server's id
     * @param state the server's state
     * @param skipped why a call would pass it by; empty if it would take it
     */
    public record Candidate(String id, Server.State state, Optional<SkipReason> skipped) {}
}
