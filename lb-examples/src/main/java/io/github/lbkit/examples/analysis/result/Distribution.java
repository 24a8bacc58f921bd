package io.github.lbkit.examples.analysis.result;

import io.github.lbkit.examples.chart.Evenness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The distribution of requests over servers, measured and expected. Immutable.
 *
 * @param servers the ids of the servers, in order of joining
 * @param shares the expected share of each server, 0 to 1
 * @param counts the number of requests that each server answered
 */
public record Distribution(List<String> servers, List<Double> shares, List<Long> counts) {
    /** Checks the sizes, and copies the lists. */
    public Distribution {
        servers = List.copyOf(servers);
        shares = List.copyOf(shares);
        counts = List.copyOf(counts);
        if (servers.size() != shares.size() || servers.size() != counts.size()) {
            throw new IllegalArgumentException(
                    servers.size() + " servers, " + shares.size() + " shares, " + counts.size() + " counts");
        }
    }

    /** Returns the distribution over the servers with a share; a server that answered without a share has share 0. */
    public static Distribution of(Map<String, Double> shares, Map<String, Long> answered) {
        List<String> servers = new ArrayList<>(shares.keySet());
        answered.keySet().stream().filter(s -> !shares.containsKey(s)).forEach(servers::add);
        return new Distribution(
                servers,
                servers.stream().map(s -> shares.getOrDefault(s, 0.0)).toList(),
                servers.stream().map(s -> answered.getOrDefault(s, 0L)).toList());
    }

    /** Returns the number of all requests. */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the mean number of requests of a server. */
    public double mean() {
        return servers.isEmpty() ? 0 : (double) total() / servers.size();
    }

    /** Returns the smallest number of requests of a server. */
    public long min() {
        return counts.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    /** Returns the largest number of requests of a server. */
    public long max() {
        return counts.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Returns the standard deviation of the counts over all servers. */
    public double deviation() {
        double mean = mean();
        double squares =
                counts.stream().mapToDouble(c -> (c - mean) * (c - mean)).sum();
        return servers.isEmpty() ? 0 : Math.sqrt(squares / servers.size());
    }

    /** Returns the largest count divided by the mean; 1 is perfectly even. */
    public double imbalance() {
        return mean() == 0 ? 1 : max() / mean();
    }

    /** Returns whether the counts are even, apart from random variation. */
    public boolean even() {
        return Evenness.of(counts);
    }

    /** Returns the imbalance according to the expected shares. */
    public double expectedImbalance() {
        return shares.stream().mapToDouble(Double::doubleValue).max().orElse(1) * servers.size();
    }

    /** Returns the expected number of requests of each server. */
    public List<Double> expected() {
        long total = total();
        return shares.stream().map(s -> s * total).toList();
    }

    /** Returns the id of the server with the most requests. */
    public String busiest() {
        return servers.get(counts.indexOf(max()));
    }

    /** Returns the id of the server with the fewest requests. */
    public String idlest() {
        return servers.get(counts.indexOf(min()));
    }

    /** Tests the counts against the expected shares. */
    public ChiSquare.Fit fit() {
        return ChiSquare.fit(counts, shares);
    }
}
