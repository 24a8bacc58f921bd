package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ServerStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns counters into rates, once a second. Confined to the scheduler's thread. */
final class Sampler {
    private static final int KEPT = 300;

    /** What was counted a second ago counts this much of what is counted now: half after 21 seconds. */
    private static final double DECAY = Math.exp(-1 / 30.0);

    private static final Counted NOTHING = new Counted(0, 0, 0, 0);

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

    /** What a server's counters showed last, its picks as a decaying sum, and what that should be by its share. */
    private record Counted(long picks, long failures, double decayed, double due) {}

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
        List<Look> looks = new ArrayList<>(statuses.size());
        for (ServerStatus status : statuses) {
            looks.add(look(status));
        }
        double able = looks.stream().mapToDouble(Look::ableShare).sum();
        double picks = looks.stream().mapToDouble(Look::newPicks).sum();
        Map<String, Counted> next = new HashMap<>();
        for (Look look : looks) {
            double due = able > 0 ? look.ableShare() / able * picks : 0;
            next.put(look.id(), look.after(due));
        }
        double decayed = next.values().stream().mapToDouble(Counted::decayed).sum();
        double due = next.values().stream().mapToDouble(Counted::due).sum();
        counted = next;
        return looks.stream()
                .map(look -> {
                    Counted after = next.getOrDefault(look.id(), NOTHING);
                    double shareNow = able > 0 ? look.ableShare() / able : 0;
                    return new ServerView(
                            look.status(),
                            look.condition(),
                            look.share(),
                            due > 0 ? after.due() / due : shareNow,
                            decayed > 0 ? after.decayed() / decayed : 0,
                            after.decayed(),
                            look.newPicks() / seconds,
                            look.newFailures() / seconds,
                            look.traffic().ejections.sum());
                })
                .toList();
    }

    private Look look(ServerStatus status) {
        String id = status.server().id();
        Traffic.OfServer of = traffic.of(id);
        return new Look(
                status,
                of,
                Condition.of(status, of),
                shares().getOrDefault(id, 0.0),
                of.picks.sum(),
                of.failures.sum(),
                counted.getOrDefault(id, NOTHING));
    }

    /** One server at one look. */
    private record Look(
            ServerStatus status,
            Traffic.OfServer traffic,
            Condition condition,
            double share,
            long picks,
            long failures,
            Counted before) {
        String id() {
            return status.server().id();
        }

        /** Its share if it can serve, else 0. */
        double ableShare() {
            return condition == Condition.READY ? share : 0;
        }

        long newPicks() {
            return Math.max(0, picks - before.picks());
        }

        long newFailures() {
            return Math.max(0, failures - before.failures());
        }

        Counted after(double due) {
            return new Counted(picks, failures, before.decayed() * DECAY + newPicks(), before.due() * DECAY + due);
        }
    }

    private Map<String, Double> shares() {
        long version = balancer.membership().version();
        if (shares.isEmpty() || sharesOf != version) {
            sharesOf = version;
            shares = balancer.shares();
        }
        return shares;
    }
}
