package io.github.lbkit.api.policy;

import io.github.lbkit.api.Call;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.SplitMix;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * A split of traffic between balancers by key, in proportion to their weights, for a canary or a move between sets of
 * servers. Immutable: a change of weights is a new split. The creator of the balancers closes them.
 *
 * <ul>
 *   <li>A key goes to the same balancer as long as the weights stay. A request without a key goes to a random balancer.
 *   <li>Shares are exact: of the 2^64 hash values, each balancer owns its proportion to within one in 2^63 times the
 *       sum of the weights. Of real keys, a balancer gets this share within statistical variation.
 *   <li>When the weights of two balancers change, keys move in one direction only, and exactly the share by which the
 *       weights differ. With more balancers, a key may also move between balancers listed between the two.
 *   <li>The split has a hash of its own, independent of the policies' hashes: a tenth of the keys is spread over all
 *       servers of a canary.
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
     * One balancer and its weight.
     *
     * @param balancer the balancer that gets the keys of this part
     * @param weight the weight relative to the other parts, 0 to 1,000,000; a part of weight 0 gets no requests
     */
    public record Part(LoadBalancer balancer, int weight) {
        /** Checks the weight. */
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
     * Returns a split between these parts.
     *
     * @throws IllegalArgumentException if no weight is above 0
     */
    public static WeightedSplit of(List<Part> parts) {
        return of(parts, () -> ThreadLocalRandom.current().nextLong());
    }

    /**
     * Returns a split between these parts.
     *
     * @param random the source of random draws for requests without a key; thread-safe
     * @throws IllegalArgumentException if no weight is above 0
     */
    public static WeightedSplit of(List<Part> parts, LongSupplier random) {
        return new WeightedSplit(parts, random);
    }

    /** Returns the balancer that gets this key. */
    public LoadBalancer balancer(Key key) {
        long total = ends[ends.length - 1];
        long position = Math.multiplyHigh(hash(key) >>> 1, total << 1);
        int index = 0;
        while (ends[index] <= position) {
            index++;
        }
        return parts.get(index).balancer();
    }

    /** Begins a call at the balancer that gets this key. */
    public Call call(Key key) {
        return balancer(key).call(key);
    }

    /** Returns the parts in their order. */
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
