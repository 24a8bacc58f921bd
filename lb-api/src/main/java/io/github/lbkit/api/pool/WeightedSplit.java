package io.github.lbkit.api.pool;

import io.github.lbkit.api.Call;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Splits traffic between balancers by key, in proportion to their weights: a canary, or a move from one set of servers to
 * another. Immutable, so that a new split takes the place of the old one; whoever made the balancers closes them.
 *
 * <ul>
 *   <li>One key goes to one balancer as long as the weights stay. Requests without a key are drawn one by one.
 *   <li>Shares are exact: of the 2^64 values that a key's hash may have, each balancer owns its proportion to within one in
 *       2^63 times the sum of weights. Of real keys, it gets that share give or take chance.
 *   <li>When two balancers' weights change, keys move in one direction only, and exactly the share by which the weights
 *       differ. With more, a key may also move between balancers that stand between the two.
 *   <li>The hash is the split's own: it is independent of where a balancer's policy sends a key, so that a tenth of the keys
 *       is spread over the canary's servers as all of them would be.
 * </ul>
 */
public final class WeightedSplit {
    private static final long SALT = 0x5DEECE66D1CE4E5BL;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final List<Part> parts;
    private final LongSupplier random;
    private final long[] ends;

    /**
     * One balancer and its share.
     *
     * @param balancer where the part's keys go
     * @param weight its share, relative to the others, 0 to 1,000,000; 0 receives nothing
     */
    public record Part(LoadBalancer balancer, int weight) {
        /** Checks. */
        public Part {
            if (weight < 0 || weight > Server.MAX_WEIGHT) {
                throw new IllegalArgumentException(
                        "weight " + weight + " of a part is not within 0 to " + Server.MAX_WEIGHT);
            }
        }
    }

    private WeightedSplit(List<Part> parts, LongSupplier random) {
        this.parts = List.copyOf(parts);
        this.random = random;
        this.ends = new long[parts.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += parts.get(i).weight();
            ends[i] = end;
        }
        if (end == 0) {
            throw new IllegalArgumentException("a split needs a part whose weight is above 0");
        }
    }

    /**
     * The split between these.
     *
     * @throws IllegalArgumentException if no weight is above 0
     */
    public static WeightedSplit of(List<Part> parts) {
        return of(parts, () -> ThreadLocalRandom.current().nextLong());
    }

    /** The split between these; random draws, for requests without a key, come from here. Must be thread-safe. */
    public static WeightedSplit of(List<Part> parts, LongSupplier random) {
        return new WeightedSplit(parts, random);
    }

    /** Where this key goes. */
    public LoadBalancer balancer(Key key) {
        long total = ends[ends.length - 1];
        long position = Math.multiplyHigh(hash(key) >>> 1, total << 1);
        int index = 0;
        while (ends[index] <= position) {
            index++;
        }
        return parts.get(index).balancer();
    }

    /** Begins a request's way at the balancer where its key goes. */
    public Call call(Key key) {
        return balancer(key).call(key);
    }

    /** The parts, in their order. */
    public List<Part> parts() {
        return parts;
    }

    private long hash(Key key) {
        if (key.isNone()) {
            return random.getAsLong();
        }
        if (!key.isText()) {
            return SplitMix.mix(key.number() ^ SALT);
        }
        CharSequence text = key.text();
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return SplitMix.mix(hash ^ SALT);
    }
}
