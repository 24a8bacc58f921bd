package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns counters into rates, once a second. Confined to the scheduler's thread. */
final class Sampler {
    private static final int KEPT = 300;

    /** What was counted a second ago counts this much of what is counted now: half after 21 seconds. */
    private static final double DECAY = Math.exp(-1 / 30.0);

    private final LoadBalancer balancer;
    private final Traffic traffic;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Map<String, Counted> counted = new HashMap<>();
    private List<ServerView> servers = List.of();
    private Map<String, Double> shares = Map.of();
    private long sharesOf;
    private long number;
    private long requests;
    private long failed;
    private long unserved;
    private long[] latencies;
    private long lastNanos;

    /**
     * One second.
     *
     * @param number rises by 1
     * @param p50Nanos half of the responses began within this time; 0 if there were none
     * @param p99Nanos all but a hundredth did
     */
    record Sample(
            long number,
            double requestsPerSecond,
            double failedPerSecond,
            double unservedPerSecond,
            long p50Nanos,
            long p99Nanos) {}

    /** What a server's counters showed last, and their decaying sum. */
    private record Counted(long picks, long failures, double decayed) {}

    Sampler(LoadBalancer balancer, Traffic traffic, long nowNanos) {
        this.balancer = balancer;
        this.traffic = traffic;
        this.latencies = traffic.latencies.sums();
        this.lastNanos = nowNanos;
    }

    /** Looks at the counters; about a second after the last time. */
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
        servers = look(seconds);
    }

    /** The newest samples, oldest first. */
    List<Sample> samples(int count) {
        List<Sample> all = new ArrayList<>(samples);
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    /** Every server as it was when it was looked at last, by id. */
    List<ServerView> servers() {
        return servers;
    }

    private List<ServerView> look(double seconds) {
        List<ServerStatus> statuses = balancer.servers();
        Map<String, Double> owned = shares();
        Map<String, Condition> conditions = new TreeMap<>();
        Map<String, Counted> now = new HashMap<>();
        double decayedSum = 0;
        double expectedSum = 0;
        for (ServerStatus status : statuses) {
            String id = status.server().id();
            Traffic.OfServer of = traffic.of(id);
            Condition condition = Condition.of(status, of);
            conditions.put(id, condition);
            Counted before = counted.getOrDefault(id, new Counted(0, 0, 0));
            long picks = of.picks.sum();
            double decayed = before.decayed() * DECAY + Math.max(0, picks - before.picks());
            now.put(id, new Counted(picks, of.failures.sum(), decayed));
            decayedSum += decayed;
            expectedSum += condition == Condition.READY ? owned.getOrDefault(id, 0.0) : 0;
        }
        List<ServerView> views = new ArrayList<>(statuses.size());
        for (ServerStatus status : statuses) {
            Server server = status.server();
            Counted before = counted.getOrDefault(server.id(), new Counted(0, 0, 0));
            Counted after = now.getOrDefault(server.id(), before);
            Condition condition = conditions.getOrDefault(server.id(), Condition.DOWN);
            double share = owned.getOrDefault(server.id(), 0.0);
            views.add(new ServerView(
                    status,
                    condition,
                    share,
                    condition == Condition.READY && expectedSum > 0 ? share / expectedSum : 0,
                    decayedSum > 0 ? after.decayed() / decayedSum : 0,
                    after.decayed(),
                    Math.max(0, after.picks() - before.picks()) / seconds,
                    Math.max(0, after.failures() - before.failures()) / seconds,
                    traffic.of(server.id()).ejections.sum()));
        }
        counted = now;
        return views;
    }

    private Map<String, Double> shares() {
        long members = balancer.membership().fingerprint();
        if (shares.isEmpty() || sharesOf != members) {
            sharesOf = members;
            shares = balancer.shares();
        }
        return shares;
    }
}
