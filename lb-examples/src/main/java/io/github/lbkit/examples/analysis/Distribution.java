package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.chart.Evenness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How requests were spread over servers, beside how they should have been. Immutable.
 *
 * @param servers in order of joining
 * @param shares of all requests that each server should get, 0 to 1
 * @param counts of requests that each server answered
 */
record Distribution(List<String> servers, List<Double> shares, List<Long> counts) {
    Distribution {
        servers = List.copyOf(servers);
        shares = List.copyOf(shares);
        counts = List.copyOf(counts);
        if (servers.size() != shares.size() || servers.size() != counts.size()) {
            throw new IllegalArgumentException(
                    servers.size() + " servers, " + shares.size() + " shares, " + counts.size() + " counts");
        }
    }

    /** Of the servers that shares were told for; one that answered without having a share has share 0. */
    static Distribution of(Map<String, Double> shares, Map<String, Long> answered) {
        List<String> servers = new ArrayList<>(shares.keySet());
        answered.keySet().stream().filter(s -> !shares.containsKey(s)).forEach(servers::add);
        return new Distribution(
                servers,
                servers.stream().map(s -> shares.getOrDefault(s, 0.0)).toList(),
                servers.stream().map(s -> answered.getOrDefault(s, 0L)).toList());
    }

    long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    double mean() {
        return servers.isEmpty() ? 0 : (double) total() / servers.size();
    }

    long min() {
        return counts.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    long max() {
        return counts.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The standard deviation of the counts, around their mean, over all servers. */
    double deviation() {
        double mean = mean();
        double squares =
                counts.stream().mapToDouble(c -> (c - mean) * (c - mean)).sum();
        return servers.isEmpty() ? 0 : Math.sqrt(squares / servers.size());
    }

    /** How many times the mean the busiest server got; 1 is even. */
    double imbalance() {
        return mean() == 0 ? 1 : max() / mean();
    }

    /** Whether it is even, as far as chance lets it be. */
    boolean even() {
        return Evenness.of(counts);
    }

    /** The imbalance that the shares foretell. */
    double expectedImbalance() {
        return shares.stream().mapToDouble(Double::doubleValue).max().orElse(1) * servers.size();
    }

    /** How many requests each server should have got. */
    List<Double> expected() {
        long total = total();
        return shares.stream().map(s -> s * total).toList();
    }

    String busiest() {
        return servers.get(counts.indexOf(max()));
    }

    String idlest() {
        return servers.get(counts.indexOf(min()));
    }

    ChiSquare.Fit fit() {
        return ChiSquare.fit(counts, shares);
    }
}
