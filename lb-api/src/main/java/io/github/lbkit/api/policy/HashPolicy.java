package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.RoutingFingerprint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The policy that asks a hash router: the same key goes to the same server while it can. Immutable, thread-safe. A pick
 * costs the hash of the key, once a call, and what the router costs.
 *
 * <p>A request without a key is one random draw, so it spreads as the router's shares do.
 *
 * <p><b>Good for</b> caches, sessions, shards: whatever profits from seeing a key again. <b>Bad for</b> few or very
 * unequal keys: a key's whole traffic goes to one server.
 */
public final class HashPolicy implements Policy {
    private final String name;
    private final Function<List<Member>, HashRouter> routers;
    private final KeyHash keyHash;
    private final Set<String> labels;

    /**
     * A policy of this name.
     *
     * @param name under which people know it
     * @param routers makes the router of members that are sorted by id; asked for the router without members at once, so
     *     that a wrong setting is refused here
     * @param keyHash how a key becomes the number that is routed
     * @throws IllegalArgumentException if the name is blank, or the router without members is refused
     */
    public HashPolicy(String name, Function<List<Member>, HashRouter> routers, KeyHash keyHash) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a hash policy needs a name");
        }
        this.name = name;
        this.routers = routers;
        this.keyHash = keyHash;
        this.labels = Set.copyOf(routers.apply(List.of()).labels());
    }

    @Override
    public Set<String> labels() {
        return labels;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean readsLoad() {
        return false;
    }

    @Override
    public Picker picker(List<Member> members) {
        return new Routed(this, routers.apply(members));
    }

    /** The picker of these members; if the one before is of this policy, its router makes the next one. */
    @Override
    public Picker picker(List<Member> members, Picker previous) {
        return previous instanceof Routed before && before.policy == this
                ? new Routed(this, before.router.withMembers(members))
                : picker(members);
    }

    private static final class Routed implements Picker {
        private final HashPolicy policy;
        private final HashRouter router;
        private final KeyHash keyHash;

        Routed(HashPolicy policy, HashRouter router) {
            this.policy = policy;
            this.router = router;
            this.keyHash = policy.keyHash;
        }

        @Override
        public int next(Key key, Cursor cursor, LoadView load) {
            return router.next(cursor.keyHash(key, keyHash), cursor);
        }

        @Override
        public Optional<HashRouter> router() {
            return Optional.of(router);
        }

        @Override
        public String position(Key key, Cursor cursor) {
            return router.position(cursor.keyHash(key, keyHash));
        }

        @Override
        public String settings() {
            return RoutingFingerprint.settings(router, keyHash);
        }
    }
}
