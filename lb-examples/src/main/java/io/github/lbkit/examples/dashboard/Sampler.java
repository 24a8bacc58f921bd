package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.examples.condition.ServerCondition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns counters into rates once per second. Confined to the scheduler's thread. */
final class Sampler {
    private static final int KEPT = 300;

    /** The factor by which older counts decay each second; the half-life is 21 seconds. */
    private static final double DECAY = Math.exp(-1 / 30.0);

    private static final Counted NOTHING = new Counted(0, 0, 0, 0);

    private final LoadBalancer balancer;
    private final Traffic traffic;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Map<String, Counted> counted = new HashMap<>();
    private List<ServerView> servers = List.of();
    private Map<String, Double> shares = Map.of();
    private long sharesVersion;
    private long number;
    private long requests;
    private long failed;
    private long unserved;
    private long[] latencies;
    private long lastNanos;

    /**
     * The rates of one second.
     *
     * @param number the number of the sample, which rises by 1
     * @param requestsPerSecond the rate of requests
     * @param failedPerSecond the rate of failed attempts
     * @param unservedPerSecond the rate of requests without a server
     * @param p50Nanos the median time to the first byte, in nanoseconds; 0 without responses
     * @param p99Nanos the 99th percentile of the time to the first byte, in nanoseconds
     */
    record Sample(
            long number,
            double requestsPerSecond,
            double failedPerSecond,
            double unservedPerSecond,
            long p50Nanos,
            long p99Nanos) {}

    /** The last counts of a server, the decaying sum of its picks, and the expected value of that sum. */
    private record Counted(long picks, long failures, double decayed, double expected) {}

    Sampler(LoadBalancer balancer, Traffic traffic, long nowNanos) {
        this.balancer = balancer;
        this.traffic = traffic;
        this.latencies = traffic.latencies.sums();
        this.lastNanos = nowNanos;
    }

    /** Takes a sample; to be called about one second after the last one. */
    void sample(long nowNanos) {
        double seconds = Math.max(1e-3, (nowNanos - lastNanos) / 1e9);
        lastNanos = nowNanos;
        long nowRequests = traffic.requests.sum();
        long nowFailed = traffic.failed.sum();
        long nowUnserved = traffic.unserved.sum();
        long[] nowLatencies = traffic.latencies.sums();
        samples.addLast(new Sample(
                number++,
                (nowRequests - requests) / seconds,
                (nowFailed - failed) / seconds,
                (nowUnserved - unserved) / seconds,
                LatencyCounts.percentile(latencies, nowLatencies, 0.5),
                LatencyCounts.percentile(latencies, nowLatencies, 0.99)));
        if (samples.size() > KEPT) {
            samples.removeFirst();
        }
        requests = nowRequests;
        failed = nowFailed;
        unserved = nowUnserved;
        latencies = nowLatencies;
        servers = views(seconds);
    }

    /** Returns the newest samples, the oldest of them first. */
    List<Sample> samples(int count) {
        List<Sample> all = new ArrayList<>(samples);
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    /** Returns the servers of the last sample, by id. */
    List<ServerView> servers() {
        return servers;
    }

    private List<ServerView> views(double seconds) {
        List<ServerStatus> statuses = balancer.servers();
        List<Observation> observations = new ArrayList<>(statuses.size());
        for (ServerStatus status : statuses) {
            observations.add(observe(status));
        }
        double activeShares =
                observations.stream().mapToDouble(Observation::activeShare).sum();
        double picks = observations.stream().mapToDouble(Observation::newPicks).sum();
        Map<String, Counted> next = new HashMap<>();
        for (Observation observation : observations) {
            double expected = activeShares > 0 ? observation.activeShare() / activeShares * picks : 0;
            next.put(observation.id(), observation.after(expected));
        }
        double decayed = next.values().stream().mapToDouble(Counted::decayed).sum();
        double expected = next.values().stream().mapToDouble(Counted::expected).sum();
        counted = next;
        return observations.stream()
                .map(observation -> {
                    Counted after = next.getOrDefault(observation.id(), NOTHING);
                    double shareNow = activeShares > 0 ? observation.activeShare() / activeShares : 0;
                    return new ServerView(
                            observation.status(),
                            observation.condition(),
                            observation.share(),
                            expected > 0 ? after.expected() / expected : shareNow,
                            decayed > 0 ? after.decayed() / decayed : 0,
                            after.decayed(),
                            observation.newPicks() / seconds,
                            observation.newFailures() / seconds,
                            observation.traffic().ejections.sum());
                })
                .toList();
    }

    private Observation observe(ServerStatus status) {
        String id = status.server().id();
        Traffic.ServerTraffic counters = traffic.of(id);
        return new Observation(
                status,
                counters,
                ServerCondition.ignoringWeight(status).kind(),
                shares().getOrDefault(id, 0.0),
                counters.picks.sum(),
                counters.failures.sum(),
                counted.getOrDefault(id, NOTHING));
    }

    /** The observation of one server in one sample. */
    private record Observation(
            ServerStatus status,
            Traffic.ServerTraffic traffic,
            ServerCondition.Kind condition,
            double share,
            long picks,
            long failures,
            Counted before) {
        String id() {
            return status.server().id();
        }

        /** Returns the share of a fit server; 0 for any other. */
        double activeShare() {
            return condition == ServerCondition.Kind.FIT ? share : 0;
        }

        long newPicks() {
            return Math.max(0, picks - before.picks());
        }

        long newFailures() {
            return Math.max(0, failures - before.failures());
        }

        Counted after(double expected) {
            return new Counted(
                    picks, failures, before.decayed() * DECAY + newPicks(), before.expected() * DECAY + expected);
        }
    }

    private Map<String, Double> shares() {
        long version = balancer.membership().version();
        if (shares.isEmpty() || sharesVersion != version) {
            sharesVersion = version;
            shares = balancer.shares();
        }
        return shares;
    }
}
