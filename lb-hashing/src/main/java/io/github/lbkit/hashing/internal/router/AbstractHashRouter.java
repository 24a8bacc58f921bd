package io.github.lbkit.hashing.internal.router;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.List;

/**
 * A router that is made anew of a list of members, whatever changes. Immutable, thread-safe. Which member owns a key is each
 * router's own code, with nothing shared on the way: what is shared is compiled for all of them at once, and slower.
 */
public abstract class AbstractHashRouter implements HashRouter {
    /** Sorted by id. */
    protected final List<Member> members;

    /** Creates a router of these members, which are sorted by id. */
    protected AbstractHashRouter(List<Member> members) {
        this.members = members;
    }

    @Override
    public final List<Member> members() {
        return members;
    }

    @Override
    public HashRouter with(Member member) {
        return withMembers(Members.with(members, member));
    }

    @Override
    public HashRouter without(String id) {
        List<Member> left = Members.without(members, id);
        return left.size() == members.size() ? this : withMembers(left);
    }

    @Override
    public abstract HashRouter withMembers(List<Member> newMembers);

    /** Another router is not of this kind. */
    protected final IllegalArgumentException incomparable(HashRouter after) {
        return new IllegalArgumentException("moves from " + name() + " to " + after.name() + " cannot be told");
    }
}
