package io.github.lbkit.hashing.internal;

import com.google.common.hash.Hashing;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The ring of libmemcached and spymemcached: points of 32 bits, four from each MD5 of the id, a hyphen and a number. Equal
 * weights have 160 points each; unequal ones as libmemcached counts them, ⌊weight / total · 40 · n⌋ · 4 in single
 * precision, so a change of one weight or of the number of members may add or take points of others. A key stands at the
 * low 32 bits of its hash.
 *
 * <p>Clients of the time give the id as {@code host:port}; libmemcached leaves out the port 11211 if weights are used.
 * Points at one position, which those clients leave to chance, go to the lower id.
 */
public final class KetamaRouter extends RingRouter {
    private static final int POINTS = 160;
    private static final int POINTS_OF_A_DIGEST = 4;

    /** The ring of these members, in any order. */
    public KetamaRouter(Collection<Member> members) {
        this(SlotRouter.sorted(members, "ketama"));
    }

    private KetamaRouter(List<Member> sorted) {
        super(sorted, points(sorted));
    }

    private static PackedPoints points(List<Member> members) {
        int n = members.size();
        long total = 0;
        int weighing = 0;
        boolean equal = true;
        int weight = 0;
        for (Member member : members) {
            if (member.weight() > 0) {
                equal &= weighing == 0 || weight == member.weight();
                weight = member.weight();
                total += weight;
                weighing++;
            }
        }
        int[] digests = new int[n];
        int sum = 0;
        for (int i = 0; i < n; i++) {
            int own = members.get(i).weight();
            digests[i] = own == 0 ? 0 : equal ? POINTS / POINTS_OF_A_DIGEST : digests(own, total, weighing);
            sum += digests[i];
        }
        long[] packed = new long[sum * POINTS_OF_A_DIGEST];
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < digests[i]; j++) {
                byte[] digest = md5(members.get(i).id() + "-" + j);
                for (int k = 0; k < POINTS_OF_A_DIGEST; k++) {
                    packed[count++] = PackedPoints.pack(word(digest, k) << 32, i);
                }
            }
        }
        return new PackedPoints(packed);
    }

    private static int digests(int weight, long total, int n) {
        float part = (float) weight / (float) total;
        float digests = (float) (part * POINTS / POINTS_OF_A_DIGEST * n + 0.0000000001);
        return (int) Math.floor(digests);
    }

    /** MD5 is what the format asks for; nothing here is secret. */
    @SuppressWarnings("deprecation")
    private static byte[] md5(String text) {
        return Hashing.md5().hashString(text, StandardCharsets.UTF_8).asBytes();
    }

    private static long word(byte[] digest, int which) {
        long word = 0;
        for (int i = 3; i >= 0; i--) {
            word = word << 8 | (digest[which * 4 + i] & 0xFF);
        }
        return word;
    }

    @Override
    long place(long keyHash) {
        return keyHash << 32;
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public String name() {
        return "ketama";
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new KetamaRouter(SlotRouter.sorted(newMembers, "ketama"));
    }
}
