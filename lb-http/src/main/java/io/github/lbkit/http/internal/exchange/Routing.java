package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Call;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.policy.WeightedSplit;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.RequestHead;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The choice between the balancers of a split, by the key of the request. Thread-safe. */
public final class Routing implements CallSource {
    private final KeyExtractor key;
    private final KeyExtractor splitBy;

    /** The current weights. Written by any thread, read by every loop. */
    private volatile WeightedSplit split;

    /**
     * Creates a choice.
     *
     * @param splitBy the key that chooses the balancer
     * @param key the key that the balancer routes by; may be the same object
     */
    public Routing(WeightedSplit split, KeyExtractor splitBy, KeyExtractor key) {
        this.split = split;
        this.splitBy = splitBy;
        this.key = key;
    }

    /** Returns the balancers, each once. */
    public Set<LoadBalancer> balancers() {
        return balancers(split);
    }

    private static Set<LoadBalancer> balancers(WeightedSplit of) {
        List<LoadBalancer> all =
                of.parts().stream().map(WeightedSplit.Part::balancer).toList();
        return new HashSet<>(all);
    }

    /**
     * Replaces the weights.
     *
     * @throws IllegalArgumentException if the new split has other balancers
     */
    public void setWeights(WeightedSplit newSplit) {
        if (!balancers(newSplit).equals(balancers())) {
            throw new IllegalArgumentException("the split has other balancers than the one before: " + names(newSplit)
                    + " instead of " + names(split) + "; weight 0 takes one out");
        }
        split = newSplit;
    }

    private static List<String> names(WeightedSplit of) {
        return of.parts().stream().map(part -> part.balancer().pool().name()).toList();
    }

    @Override
    public Call call(RequestHead head) {
        WeightedSplit current = split;
        Key splitKey = splitBy.key(head);
        return current.balancer(splitKey).call(splitBy == key ? splitKey : key.key(head));
    }
}
