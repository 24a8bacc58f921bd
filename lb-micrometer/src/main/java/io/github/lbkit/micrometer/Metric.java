package io.github.lbkit.micrometer;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The metrics of a balancer by their names. Each has the tags {@code balancer} and {@code pool}; further tags are named
 * by the constant's comment.
 */
enum Metric {
    /** No further tag. */
    REQUESTS("lbkit.requests", "Calls: requests that asked for a server"),
    /** By reason. */
    REQUESTS_UNSERVED("lbkit.requests.unserved", "Calls, or retries of a call, that got no server"),
    /** By server. */
    PICKS("lbkit.picks", "Attempts that began on the server"),
    /** By server and outcome. */
    ATTEMPTS("lbkit.attempts", "Ended attempts, by their outcome"),
    /** No further tag. */
    RETRIES("lbkit.retries", "Attempts after a call's first"),
    /** No further tag; only with a budget. */
    RETRY_BUDGET_LEFT("lbkit.retry.budget.left", "Retries that the retry budget allows now"),
    /** By reason. */
    SKIPS("lbkit.skips", "Candidates that calls passed by"),
    /** No further tag. */
    FORCED("lbkit.forced", "Attempts beyond the bounded load, because every candidate was full"),
    /** A histogram. */
    FIRST_BYTE("lbkit.first.byte", "Time from the begin of an attempt to the first byte of its response"),
    /** By server. */
    ATTEMPT_DURATION("lbkit.attempt.duration", "Time from the begin of an attempt to its end"),
    /** By server. */
    IN_FLIGHT("lbkit.in.flight", "Attempts in flight to the current instance"),
    /** By server. */
    LATENCY("lbkit.latency", "Moving average of the time to the first byte"),
    /** By server. */
    SHARE("lbkit.share", "Share of all keys that the server owns, or of all weight where keys do not route"),
    /** By server. */
    READY("lbkit.ready", "1 if a call that routes to the server would take it now, else 0"),
    /** By server. */
    EXPECTED(
            "lbkit.expected",
            "1 if the server is meant to take calls: a weight above 0, not draining, no operator's override; else 0"),
    /** By server. */
    UNHEALTHY("lbkit.unhealthy", "1 while probes find that the server cannot serve, else 0"),
    /** By server. */
    EJECTED("lbkit.ejected", "1 from the server's ejection until a trial brings the server back, else 0"),
    /** By server and reason. */
    EJECTIONS("lbkit.ejections", "Ejections of the server because of its traffic"),
    /** By server and verdict. */
    HEALTH_CHANGES("lbkit.health.changes", "Changes of the verdict of probes on the server"),
    /** No further tag. */
    IMBALANCE(
            "lbkit.imbalance", "Greatest number of picks per weight of a ready server, divided by the mean; 1 is even"),
    /** By state. */
    SERVERS("lbkit.servers", "Servers by state"),
    /** No further tag. */
    SERVERS_PICKABLE("lbkit.servers.pickable", "Servers that a call would take now"),
    /** No further tag. */
    SERVERS_DESIRED("lbkit.servers.desired", "Desired servers of the pool"),
    /** No further tag. */
    SERVERS_LAUNCHING("lbkit.servers.launching", "Launched instances that are not ready yet"),
    /** No further tag. */
    MEMBERSHIP_VERSION("lbkit.membership.version", "Version of the membership in use"),
    /** No further tag. */
    MEMBERSHIP_FINGERPRINT("lbkit.membership.fingerprint", "The first 48 bits of the membership's fingerprint"),
    /** No further tag. */
    MEMBERSHIP_REFUSED(
            "lbkit.membership.refused",
            "1 while the policy refuses the newest membership and an older routing table is in force, else 0"),
    /** No further tag. */
    FAIL_OPEN("lbkit.fail.open", "1 while fail-open ignores health and ejections, else 0"),
    /** No further tag. */
    MEMBERSHIP_AGE("lbkit.membership.age", "Time since the pool's source last confirmed the membership"),
    /** No further tag. */
    STREAM_REOPENINGS("lbkit.stream.reopenings", "Reopenings of the stream of the source's events"),
    /** No further tag. */
    ROUTING_FINGERPRINT("lbkit.routing.fingerprint", "The first 48 bits of the routing's fingerprint"),
    /** No further tag. */
    LAUNCH_DURATION("lbkit.launch.duration", "Time from the launch of an instance until it was ready"),
    /** No further tag. */
    LAUNCH_FAILURES("lbkit.launch.failures", "Launches that failed"),
    /** No further tag. */
    LOSSES("lbkit.losses", "Instances that were lost: they served and are gone or unfit"),
    /** No further tag. */
    RESPAWNS("lbkit.respawns", "Launches of replacements"),
    /** By phase. */
    RECOVERY("lbkit.recovery", "Time that a phase of recovering a lost server took"),
    /** No further tag. */
    DRAINS("lbkit.drains", "Drains that ended"),
    /** By outcome. */
    DRAINED_ATTEMPTS("lbkit.drained.attempts", "Attempts in flight at the begin of a drain, by their end");

    private static final Set<String> NAMES =
            Arrays.stream(values()).map(Metric::id).collect(Collectors.toUnmodifiableSet());

    private final String id;
    private final String description;

    Metric(String id, String description) {
        this.id = id;
        this.description = description;
    }

    /** Returns whether a metric of lbkit's balancers has this name. */
    static boolean isName(String name) {
        return NAMES.contains(name);
    }

    /** The name by Micrometer's convention. */
    String id() {
        return id;
    }

    /** The description that registries show. */
    String description() {
        return description;
    }
}
