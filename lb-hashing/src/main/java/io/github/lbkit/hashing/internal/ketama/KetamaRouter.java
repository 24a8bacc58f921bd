package io.github.lbkit.hashing.internal.ketama;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.ring.RingRouter;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The ring of a memcached client, with {@linkplain KetamaPoints points} of 32 bits. The position of a key is the low 32
 * bits of its hash. Of two points at one position, the lower id owns the position; the clients do not define this case.
 *
 * <p>If weights differ, the number of points of a member depends on all weights and on the number of members. A change
 * of one member may then add or remove points of others.
 */
public final class KetamaRouter extends RingRouter implements RequiresKeyHash {
    private final KetamaVariant variant;

    /** Creates the ring of these members, in any order. */
    public KetamaRouter(Collection<Member> members, KetamaVariant variant) {
        this(Members.sorted(members, "ketama"), variant);
    }

    private KetamaRouter(List<Member> sorted, KetamaVariant variant) {
        super(sorted, KetamaPoints.of(sorted, variant));
        this.variant = variant;
    }

    @Override
    protected long ringPosition(long keyHash) {
        return keyHash << 32;
    }

    /** Returns the guarantees. Without weights, the points of libmemcached change as soon as one weight is above 1. */
    @Override
    public Set<Guarantee> guarantees() {
        return switch (variant) {
            case SPYMEMCACHED, LIBMEMCACHED_WEIGHTED -> Set.of(Guarantee.WEIGHT_RATIOS);
            case LIBMEMCACHED, LIBMEMCACHED_MD5 -> Set.of();
        };
    }

    @Override
    public KeyHash keyHash() {
        return variant.keyHash();
    }

    @Override
    public String name() {
        return "ketama(client=" + variant.name().toLowerCase(Locale.ROOT).replace('_', '-') + ")";
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new KetamaRouter(Members.sorted(newMembers, "ketama"), variant);
    }
}
