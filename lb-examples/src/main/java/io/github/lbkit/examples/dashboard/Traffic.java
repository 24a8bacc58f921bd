package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.EjectionReason;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the balancer does, and notes what is worth a line in the timeline. Thread-safe, striped counters. */
final class Traffic implements LoadBalancerListener {
    final LongAdder requests = new LongAdder();
    final LongAdder unserved = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LatencyCounts latencies = new LatencyCounts();

    private final Timeline timeline;
    private final Map<String, OfServer> servers = new ConcurrentHashMap<>();

    /** What was counted of one server, and what is wrong with its current instance. */
    static final class OfServer {
        final LongAdder picks = new LongAdder();
        final LongAdder failures = new LongAdder();
        final LongAdder ejections = new LongAdder();

        /** The generation that is ejected, or that its probes found unfit; 0 if none is. Listeners write, the sampler reads. */
        private volatile long ejected;

        private volatile long unhealthy;

        boolean isEjected(long generation) {
            return ejected == generation;
        }

        boolean isUnhealthy(long generation) {
            return unhealthy == generation;
        }
    }

    Traffic(Timeline timeline) {
        this.timeline = timeline;
    }

    OfServer of(String id) {
        return servers.computeIfAbsent(id, i -> new OfServer());
    }

    @Override
    public void callBegan() {
        requests.increment();
    }

    @Override
    public void attemptBegan(Server server) {
        of(server.id()).picks.increment();
    }

    @Override
    public void noServer(NoServer noServer) {
        unserved.increment();
    }

    @Override
    public void responded(Server server, Duration sinceBegin) {
        latencies.add(sinceBegin.toNanos());
    }

    @Override
    public void failed(Server server, Failure failure, Duration sinceBegin) {
        failed.increment();
        of(server.id()).failures.increment();
    }

    private static long generation(Server server) {
        return server.instance().map(Instance::generation).orElse(0L);
    }

    @Override
    public void ejected(Server server, Duration time, EjectionReason reason) {
        OfServer of = of(server.id());
        of.ejections.increment();
        of.ejected = generation(server);
        timeline.add(Timeline.Kind.FAILURE, server.id(), "ejected for " + text(time) + ": " + text(reason));
    }

    /** The reason of an ejection in words. */
    static String text(EjectionReason reason) {
        return switch (reason) {
            case CONSECUTIVE_FAILURES -> "failures in a row";
            case FAILURE_RATIO -> "too many failures";
            case TRIAL_FAILED -> "its trial failed";
            case LATENCY -> "much slower than the others";
        };
    }

    @Override
    public void returned(Server server) {
        of(server.id()).ejected = 0;
        timeline.add(Timeline.Kind.RECOVERY, server.id(), "back from its ejection");
    }

    @Override
    public void becameUnhealthy(Server server, String reason) {
        of(server.id()).unhealthy = generation(server);
        timeline.add(Timeline.Kind.FAILURE, server.id(), "its probes fail: " + reason);
    }

    @Override
    public void becameHealthy(Server server) {
        OfServer of = of(server.id());
        boolean was = of.isUnhealthy(generation(server));
        of.unhealthy = 0;
        if (was) {
            timeline.add(Timeline.Kind.RECOVERY, server.id(), "its probes pass again");
        }
    }

    @Override
    public void overridden(String id, OperatorOverride override) {
        timeline.add(
                Timeline.Kind.CHANGE,
                id,
                switch (override) {
                    case NONE -> "released by the operator";
                    case DRAIN -> "drained by the operator";
                    case DOWN -> "taken down by the operator";
                });
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        Set<String> joined = ids(after);
        Set<String> left = ids(before);
        left.removeAll(ids(after));
        joined.removeAll(ids(before));
        joined.forEach(id -> timeline.add(Timeline.Kind.CHANGE, id, "joined"));
        left.forEach(id -> timeline.add(Timeline.Kind.CHANGE, id, "left"));
        servers.keySet()
                .removeIf(id ->
                        after.server(id).isEmpty()); // one that is told of late costs a line until the next change
    }

    private static Set<String> ids(Membership membership) {
        return new TreeSet<>(membership.members().stream().map(Member::id).toList());
    }

    @Override
    public void poolEvent(PoolEvent event) {
        if (event instanceof PoolEvent.OfServer ofServer) {
            happened(ofServer.id(), ofServer);
        } else if (event instanceof PoolEvent.StreamReopened reopened) {
            timeline.add(
                    Timeline.Kind.RECOVERY,
                    "",
                    "events of the source come again after " + text(reopened.silence()) + ": " + reopened.reason());
        }
    }

    private void happened(String id, PoolEvent.OfServer event) {
        if (event instanceof PoolEvent.Launching launching && launching.replacement()) {
            timeline.add(Timeline.Kind.CHANGE, id, "a replacement is launched");
        } else if (event instanceof PoolEvent.Ready ready) {
            timeline.add(Timeline.Kind.RECOVERY, id, "ready, " + text(ready.sinceLaunch()) + " after its launch");
        } else if (event instanceof PoolEvent.Lost lost) {
            timeline.add(Timeline.Kind.FAILURE, id, "lost: " + lost.reason());
        } else if (event instanceof PoolEvent.LaunchFailed failure) {
            timeline.add(Timeline.Kind.FAILURE, id, "its launch failed: " + failure.reason());
        } else if (event instanceof PoolEvent.BackingOff pause) {
            timeline.add(Timeline.Kind.FAILURE, id, "the next launch waits " + text(pause.delay()));
        } else if (event instanceof PoolEvent.Drained drained) {
            timeline.add(
                    Timeline.Kind.CHANGE,
                    id,
                    "drained: " + drained.result().finished() + " finished, "
                            + drained.result().cut() + " cut");
        } else if (event instanceof PoolEvent.Adopted) {
            timeline.add(Timeline.Kind.CHANGE, id, "taken over from an earlier start");
        } else if (event instanceof PoolEvent.Retired retired) {
            timeline.add(Timeline.Kind.CHANGE, id, "left over from an earlier start, stopped: " + retired.reason());
        }
    }

    private static String text(Duration time) {
        List<String> units = List.of(" ms", " s");
        return time.compareTo(Duration.ofSeconds(1)) < 0
                ? time.toMillis() + units.get(0)
                : Math.round(time.toMillis() / 100.0) / 10.0 + units.get(1);
    }
}
