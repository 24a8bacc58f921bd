package io.github.lbkit.hashing.internal.envoy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.XxHash64;
import io.github.lbkit.hashing.internal.ring.RingRouter;
import io.github.lbkit.hashing.internal.ring.WidePoints;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The ring of Envoy. A point of 64 bits is the hash of the id, an underscore and a number. Weights are divided by their
 * sum. The ring is scaled so that the lightest member has a whole number of points and all members together have the
 * minimum size; running sums give the number of points of the other members. The number of points of a member therefore
 * depends on all members, and on their order where it is a fraction; the order here is that of ids. Envoy hashes the
 * address of a host, or its name if configured so; ids must be the same text. A retry in Envoy goes to the next point,
 * which may belong to the same host; here the candidates are distinct.
 */
public final class EnvoyRingRouter extends RingRouter implements RequiresKeyHash {
    private final EnvoyRingSettings settings;

    /** Creates the ring of these members, in any order. */
    public EnvoyRingRouter(Collection<Member> members, EnvoyRingSettings settings) {
        this(Members.sorted(members, "Envoy's ring"), settings);
    }

    private EnvoyRingRouter(List<Member> sorted, EnvoyRingSettings settings) {
        super(sorted, points(sorted, settings));
        this.settings = settings;
    }

    private static WidePoints points(List<Member> members, EnvoyRingSettings settings) {
        double[] weights = EnvoyWeights.normalized(members);
        double least = Arrays.stream(weights).filter(w -> w > 0).min().orElse(1);
        double scale = Math.min(Math.ceil(least * settings.minSize()) / least, settings.maxSize());
        long[] positions = new long[(int) Math.ceil(scale) + 1];
        char[] owners = new char[positions.length];
        int count = 0;
        double target = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                target += scale * weights[i];
                String id = members.get(i).id() + "_";
                for (int j = 0; count < target; j++) {
                    positions[count] = settings.hash().applyAsLong(id + j);
                    owners[count++] = (char) i;
                }
            }
        }
        return new WidePoints(Arrays.copyOf(positions, count), Arrays.copyOf(owners, count));
    }

    /** Returns the owner and the position of each point, for comparison with the logs of Envoy. */
    List<String> describedPoints() {
        return IntStream.range(0, points.size())
                .mapToObj(point ->
                        members.get(points.owner(point)).id() + " " + Long.toUnsignedString(points.position(point)))
                .toList();
    }

    @Override
    protected long ringPosition(long keyHash) {
        return keyHash;
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public KeyHash keyHash() {
        return XxHash64.INSTANCE;
    }

    @Override
    public String name() {
        return "envoy ring(min size=" + settings.minSize() + ", max size=" + settings.maxSize() + ", hash="
                + settings.hashName() + ")";
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new EnvoyRingRouter(Members.sorted(newMembers, "Envoy's ring"), settings);
    }
}
