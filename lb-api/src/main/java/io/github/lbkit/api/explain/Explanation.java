package io.github.lbkit.api.explain;

import io.github.lbkit.api.Server;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The reasons why a key goes to its server. Immutable.
 *
 * @param key the key, as text
 * @param policy the policy's name
 * @param membershipVersion the version of the membership
 * @param keyHash the hash that was routed; empty for a policy that does not route by key
 * @param position the position of the hash in the policy's table, such as a slot; empty without a position
 * @param candidates the candidates in the order in which a call would try them
 * @param chosen the id of the server that a call would get now; empty if a call would get no server
 */
public record Explanation(
        String key,
        String policy,
        long membershipVersion,
        OptionalLong keyHash,
        String position,
        List<Candidate> candidates,
        Optional<String> chosen) {
    /** Copies the list. */
    public Explanation {
        candidates = List.copyOf(candidates);
    }

    /**
     * One candidate.
     *
     * @param id the server's id
     * @param state the server's state
     * @param skipped the reason why a call would skip the server; empty if a call would take it
     */
    public record Candidate(String id, Server.State state, Optional<SkipReason> skipped) {}
}
