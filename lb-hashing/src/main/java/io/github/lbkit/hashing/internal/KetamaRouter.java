package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.KetamaClient;
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
public final class KetamaRouter extends RingRouter implements Keyed {
    private final KetamaClient client;

    /** The ring of these members, in any order. */
    public KetamaRouter(Collection<Member> members, KetamaClient client) {
        this(SlotRouter.sorted(members, "ketama"), client);
    }

    private KetamaRouter(List<Member> sorted, KetamaClient client) {
        super(sorted, KetamaPoints.of(sorted, client));
        this.client = client;
    }

    @Override
    long place(long keyHash) {
        return keyHash << 32;
    }

    /** Libmemcached without weights has other points as soon as one weight is above 1. */
    @Override
    public Set<Guarantee> guarantees() {
        return switch (client) {
            case SPYMEMCACHED, LIBMEMCACHED_WEIGHTED -> Set.of(Guarantee.WEIGHT_RATIOS);
            case LIBMEMCACHED, LIBMEMCACHED_MD5 -> Set.of();
        };
    }

    @Override
    public KeyHash keyHash() {
        return client.keyHash();
    }

    @Override
    public String name() {
        return "ketama(client=" + client.name().toLowerCase(Locale.ROOT).replace('_', '-') + ")";
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new KetamaRouter(SlotRouter.sorted(newMembers, "ketama"), client);
    }
}
