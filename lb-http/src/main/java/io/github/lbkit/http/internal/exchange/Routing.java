package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Call;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.WeightedSplit;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.RequestHead;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which balancer a request goes to, where there are several, and by which key that one routes it. Thread-safe. */
public final class Routing implements CallSource {
    private final KeyExtractor key;
    private final KeyExtractor splitBy;

    /** Written by whoever sets the weights, read by every loop. */
    private volatile WeightedSplit split;

    /** Splits by one key, and routes by another, which may be the same. */
    public Routing(WeightedSplit split, KeyExtractor splitBy, KeyExtractor key) {
        this.split = split;
        this.splitBy = splitBy;
        this.key = key;
    }

    /** The balancers, each once. */
    public Set<LoadBalancer> balancers() {
        return balancers(split);
    }

    private static Set<LoadBalancer> balancers(WeightedSplit of) {
        List<LoadBalancer> all =
                of.parts().stream().map(WeightedSplit.Part::balancer).toList();
        return new HashSet<>(all);
    }

    /**
     * Splits by these weights from now on.
     *
     * @throws IllegalArgumentException if the balancers are others
     */
    public void reweigh(WeightedSplit newest) {
        if (!balancers(newest).equals(balancers())) {
            throw new IllegalArgumentException("the split has other balancers than the one before: " + names(newest)
                    + " instead of " + names(split) + "; weight 0 takes one out");
        }
        split = newest;
    }

    private static List<String> names(WeightedSplit of) {
        return of.parts().stream().map(part -> part.balancer().pool().name()).toList();
    }

    @Override
    public Call call(RequestHead head) {
        WeightedSplit now = split;
        Key ofSplit = splitBy.key(head);
        return now.balancer(ofSplit).call(splitBy == key ? ofSplit : key.key(head));
    }
}
