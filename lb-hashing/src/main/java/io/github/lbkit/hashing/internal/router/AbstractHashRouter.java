package io.github.lbkit.hashing.internal.router;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.List;

/**
 * A base class of routers: keeps the members, and builds a new router after each change of them. Immutable and
 * thread-safe. Each router implements {@code owner} by itself: the JIT compiler would compile a shared method for all
 * routers at once, which is slower.
 */
public abstract class AbstractHashRouter implements HashRouter {
    /** The members, sorted by id. */
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

    /** Returns the exception for a router of another kind or with other settings, to which moves are unknown. */
    protected final IllegalArgumentException incomparable(HashRouter after) {
        return new IllegalArgumentException("moves from " + name() + " to " + after.name() + " cannot be computed");
    }
}
