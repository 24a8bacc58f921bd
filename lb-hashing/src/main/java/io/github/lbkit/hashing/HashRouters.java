package io.github.lbkit.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.AssignmentKeys;
import io.github.lbkit.hashing.internal.AssignmentRouter;
import io.github.lbkit.hashing.internal.RendezvousRouter;
import java.util.Collection;

/**
 * The routers by name. Every one takes its members in any order, refuses two with one id, and is immutable and
 * thread-safe; no look-up allocates, but for the cursor's marks of more than 64 members.
 */
public final class HashRouters {
    /** The label of a member that has its number in {@link #assignment}: 1 to 9 digits. */
    public static final String NUMBER_LABEL = "lbkit.number";

    private HashRouters() {}

    /**
     * Weighted rendezvous hashing: each member draws a score for the key, the lowest of −ln(u) / weight owns it, and the
     * candidates are in order of score. Shares are exactly proportional to weights, and without a member the order of
     * the others stays what it was, so what a lost server had is spread over the others in proportion to their weights.
     *
     * <p>The owner and each further candidate take O(n); nothing is built.
     *
     * <p><b>Good for</b> up to a few dozen members, exact balance, any change. <b>Bad for</b> hundreds of members at a
     * high rate of requests.
     *
     * @throws IllegalArgumentException if two members have one id
     */
    public static HashRouter rendezvous(Collection<Member> members) {
        return new RendezvousRouter(members);
    }

    /** {@link #assignment(Collection, AssignmentOptions)} with {@link AssignmentOptions#DEFAULT}. */
    public static HashRouter assignment(Collection<Member> members) {
        return assignment(members, AssignmentOptions.DEFAULT);
    }

    /**
     * The map of the course assignment "Implementing a Customizable Load Balancer": 512 slots, 9 virtual servers each,
     * requests at H(i) = i² + 2i + 17, virtual servers at Φ(i, j) = i² + j² + 2j + 25, both mod 512, clockwise to the
     * nearest, probing where a slot is taken. A key hash is the number i of a request; see {@link #assignmentKeys}.
     *
     * <p>A member's number is its label {@value #NUMBER_LABEL}; one without the label gets the lowest free number in
     * the order of ids. The map is built in the order of numbers, so it depends on the members alone. A weight above 0
     * makes no difference; a member of weight 0 keeps its number and is not placed.
     *
     * <p><b>Good for</b> the assignment, and for showing what its functions do. <b>Bad for</b> everything else: H
     * reaches 87 of the 512 slots, so with three servers the shares are 84.4, 4.7 and 10.9 percent; a change moves keys
     * between servers that it does not concern; 56 servers fit, 39 with quadratic probing.
     *
     * @throws RingFullException if a member finds no free slot
     * @throws IllegalArgumentException if two members have one id or one number, or a label is not a number
     */
    public static HashRouter assignment(Collection<Member> members, AssignmentOptions options) {
        return new AssignmentRouter(members, options);
    }

    /**
     * How the assignment numbers requests: a key of 1 to 18 digits is the number itself, any other is 100000 + hash mod
     * 900000, a request without a key gets a random number of six digits.
     */
    public static KeyHash assignmentKeys() {
        return AssignmentKeys.INSTANCE;
    }
}
