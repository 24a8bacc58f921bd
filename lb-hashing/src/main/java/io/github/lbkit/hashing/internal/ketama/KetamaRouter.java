package io.github.lbkit.hashing.internal.ketama;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.ring.Points;
import io.github.lbkit.hashing.internal.ring.RingRouter;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The ring of memcached's clients, with {@linkplain KetamaPoints points} of 32 bits. A key is at the low 32 bits of its hash.
 * Points at one position, which those clients leave to chance, go to the lower id.
 *
 * <p>The number of points of unequal weights depends on all weights and on the number of members, so a change of one member
 * may add or take points of others.
 */
public final class KetamaRouter extends RingRouter implements RequiresKeyHash {
    private final KetamaVariant variant;

    /** The ring of these members, in any order. */
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

    /** Libmemcached without weights has other points as soon as one weight is above 1. */
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
