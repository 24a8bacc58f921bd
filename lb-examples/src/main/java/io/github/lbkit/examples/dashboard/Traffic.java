package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.explain.OperatorOverride;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A listener that counts the requests of the balancer, and adds its events to the timeline. Thread-safe; the counters
 * are striped.
 */
final class Traffic implements LoadBalancerListener {
    final LongAdder requests = new LongAdder();
    final LongAdder unserved = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LatencyCounts latencies = new LatencyCounts();

    private final Timeline timeline;
    private final Map<String, ServerTraffic> servers = new ConcurrentHashMap<>();

    /** The counters of one server. */
    static final class ServerTraffic {
        final LongAdder picks = new LongAdder();
        final LongAdder failures = new LongAdder();
        final LongAdder ejections = new LongAdder();

        /** The unhealthy generation; 0 if there is none. Written and read by the events of the balancer. */
        private volatile long unhealthy;
    }

    Traffic(Timeline timeline) {
        this.timeline = timeline;
    }

    ServerTraffic of(String id) {
        return servers.computeIfAbsent(id, i -> new ServerTraffic());
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
        of(server.id()).ejections.increment();
        timeline.add(Timeline.Kind.FAILURE, server.id(), "ejected for " + text(time) + ": " + text(reason));
    }

    /** Returns the reason of an ejection in words. */
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
        timeline.add(Timeline.Kind.RECOVERY, server.id(), "back from its ejection");
    }

    @Override
    public void becameUnhealthy(Server server, String reason) {
        of(server.id()).unhealthy = generation(server);
        timeline.add(Timeline.Kind.FAILURE, server.id(), "its probes fail: " + reason);
    }

    @Override
    public void becameHealthy(Server server) {
        ServerTraffic counters = of(server.id());
        boolean wasUnhealthy = counters.unhealthy == generation(server);
        counters.unhealthy = 0;
        if (wasUnhealthy) {
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
                .removeIf(id -> after.server(id).isEmpty()); // a late event adds an entry again, until the next change
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
                    "events of the source arrive again after " + text(reopened.silence()) + ": " + reopened.reason());
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
