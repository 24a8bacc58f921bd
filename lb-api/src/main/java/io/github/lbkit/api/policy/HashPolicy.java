package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A policy that routes by key through a hash router: a key goes to the same server while that server can serve.
 * Immutable, thread-safe. A pick costs the hash of the key, once for each call, and the cost of the router.
 *
 * <p>A request without a key is routed by one random draw, so requests spread according to the router's shares.
 *
 * <p><b>Good for</b> caches, sessions and shards, which profit from equal keys. <b>Bad for</b> few or very unequal
 * keys: all traffic of a key goes to one server.
 */
public final class HashPolicy implements Policy {
    private final String name;
    private final Function<List<Member>, HashRouter> routers;
    private final KeyHash keyHash;
    private final Set<String> labels;

    /**
     * Creates a policy.
     *
     * @param name the name of the policy, for people
     * @param routers creates the router of members that are sorted by id. Called without members at once, so that wrong
     *     settings are refused here
     * @param keyHash the hash function of keys
     * @throws IllegalArgumentException if the name is blank, or the function refuses to create a router without members
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

    /** Returns the picker of these members; a previous picker of this policy supplies the router to change. */
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
