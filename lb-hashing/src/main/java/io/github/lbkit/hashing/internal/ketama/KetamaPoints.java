package io.github.lbkit.hashing.internal.ketama;

import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.Md5;
import io.github.lbkit.hashing.internal.ring.PackedPoints;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The points of a ketama ring as a memcached client places them: 32 bits, hashed from a server's name and a number. */
final class KetamaPoints {
    private static final int POINTS = 160;
    private static final int POINTS_PER_DIGEST = 4;
    private static final int UNWEIGHTED_POINTS = 100;

    private final List<Member> members;
    private final KetamaVariant variant;

    /** The number of members with a weight above 0. */
    private final int weightedMembers;

    private final long totalWeight;
    private final boolean equal;
    private final boolean above1;

    private KetamaPoints(List<Member> members, KetamaVariant variant) {
        this.members = members;
        this.variant = variant;
        int[] weights =
                members.stream().mapToInt(Member::weight).filter(w -> w > 0).toArray();
        int least = Integer.MAX_VALUE;
        int most = 0;
        long total = 0;
        for (int weight : weights) {
            least = Math.min(least, weight);
            most = Math.max(most, weight);
            total += weight;
        }
        weightedMembers = weights.length;
        totalWeight = total;
        equal = least >= most;
        above1 = most > 1;
    }

    /** Returns the points of these members, which are sorted by id. */
    static PackedPoints of(List<Member> members, KetamaVariant variant) {
        KetamaPoints points = new KetamaPoints(members, variant);
        String[] names = names(members, variant);
        return points.isByDigest() ? points.byDigest(names) : points.byKeyHash(names);
    }

    /**
     * Returns whether each MD5 digest gives four points. Otherwise each hash gives one point, and weights make no
     * difference.
     */
    private boolean isByDigest() {
        return switch (variant) {
            case SPYMEMCACHED, LIBMEMCACHED_WEIGHTED -> true;
            case LIBMEMCACHED, LIBMEMCACHED_MD5 -> above1;
        };
    }

    private PackedPoints byDigest(String[] names) {
        int[] digests = members.stream().mapToInt(m -> digests(m.weight())).toArray();
        int sum = 0;
        for (int of : digests) {
            sum += of;
        }
        long[] packed = new long[sum * POINTS_PER_DIGEST];
        int count = 0;
        for (int i = 0; i < digests.length; i++) {
            for (int j = 0; j < digests[i]; j++) {
                byte[] digest = Md5.of(names[i] + "-" + j).asBytes();
                for (int k = 0; k < POINTS_PER_DIGEST; k++) {
                    packed[count++] = PackedPoints.pack(word(digest, k) << 32, i);
                }
            }
        }
        return new PackedPoints(packed);
    }

    private PackedPoints byKeyHash(String[] names) {
        long[] packed = new long[weightedMembers * UNWEIGHTED_POINTS];
        int count = 0;
        for (int i = 0; i < names.length; i++) {
            for (int j = 0; j < UNWEIGHTED_POINTS && members.get(i).weight() > 0; j++) {
                packed[count++] = PackedPoints.pack(variant.keyHash().hash(names[i] + "-" + j) << 32, i);
            }
        }
        return new PackedPoints(packed);
    }

    /**
     * Returns the number of digests for a weight: the formula of libmemcached in single precision, or a constant for
     * equal weights of spymemcached.
     */
    private int digests(int weight) {
        if (weight == 0) {
            return 0;
        }
        if (variant == KetamaVariant.SPYMEMCACHED && equal) {
            return POINTS / POINTS_PER_DIGEST;
        }
        float share = (float) weight / (float) totalWeight;
        float digests = (float) (share * POINTS / POINTS_PER_DIGEST * weightedMembers + 0.0000000001);
        return (int) Math.floor(digests);
    }

    /** Returns the names on the ring by index; refuses two members with one name. */
    private static String[] names(List<Member> members, KetamaVariant variant) {
        Map<String, String> ids = new HashMap<>();
        String[] names = new String[members.size()];
        for (int i = 0; i < names.length; i++) {
            String id = members.get(i).id();
            names[i] = name(id, variant);
            String other = ids.putIfAbsent(names[i], id);
            if (other != null) {
                throw new IllegalArgumentException("members '" + other + "' and '" + id + "' are both '" + names[i]
                        + "' on the ring of client " + variant + "; each server needs a host and port of its own");
            }
        }
        return names;
    }

    private static String name(String id, KetamaVariant variant) {
        return switch (variant) {
            case SPYMEMCACHED -> id.length() > 1 && id.startsWith("/") ? id.substring(1) : id;
            case LIBMEMCACHED_WEIGHTED, LIBMEMCACHED, LIBMEMCACHED_MD5 ->
                MemcachedNode.of(id).nameOnRing();
        };
    }

    private static long word(byte[] digest, int which) {
        long word = 0;
        for (int i = 3; i >= 0; i--) {
            word = word << 8 | (digest[which * 4 + i] & 0xFF);
        }
        return word;
    }
}
