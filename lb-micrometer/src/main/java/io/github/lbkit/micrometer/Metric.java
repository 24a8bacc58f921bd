package io.github.lbkit.micrometer;

/** Every metric by its name; each has the tag {@code pool} besides those that its comment names. */
enum Metric {
    /** No further tag. */
    REQUESTS("lbkit.requests", "Requests that asked for a server"),
    /** By reason. */
    REQUESTS_UNSERVED("lbkit.requests.unserved", "Requests, or repeats of one, that got no server"),
    /** By server. */
    PICKS("lbkit.picks", "Attempts that began on the server"),
    /** By server and outcome. */
    ATTEMPTS("lbkit.attempts", "Attempts that ended, by how they ended"),
    /** No further tag. */
    RETRIES("lbkit.retries", "Attempts after a request's first"),
    /** No further tag; only with a budget. */
    RETRY_BUDGET_LEFT("lbkit.retry.budget.left", "Retries that the budget would allow now"),
    /** By reason. */
    SKIPS("lbkit.skips", "Candidates that were passed by"),
    /** No further tag. */
    FORCED("lbkit.forced", "Attempts beyond the bounded load, because every server was full"),
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
    READY("lbkit.ready", "1 if the server is ready and not held back by the operator, else 0"),
    /** By server and reason. */
    EJECTIONS("lbkit.ejections", "Times that the server was taken out because of its traffic"),
    /** By server and verdict. */
    HEALTH_CHANGES("lbkit.health.changes", "Times that probes changed their verdict on the server"),
    /** No further tag. */
    IMBALANCE("lbkit.imbalance", "Greatest number of picks of a ready server for its weight, over the mean; 1 is even"),
    /** By state. */
    SERVERS("lbkit.servers", "Servers by state"),
    /** No further tag. */
    SERVERS_DESIRED("lbkit.servers.desired", "Servers that the pool is to have"),
    /** No further tag. */
    SERVERS_LAUNCHING("lbkit.servers.launching", "Instances that were launched and are not ready yet"),
    /** No further tag. */
    MEMBERSHIP_VERSION("lbkit.membership.version", "Version of the membership in use"),
    /** No further tag. */
    MEMBERSHIP_FINGERPRINT("lbkit.membership.fingerprint", "The first 48 bits of the membership's fingerprint"),
    /** No further tag. */
    MEMBERSHIP_AGE("lbkit.membership.age", "How long ago the pool's source last confirmed the membership"),
    /** No further tag. */
    STREAM_REOPENINGS(
            "lbkit.stream.reopenings", "Times that the stream of the source's events had ended and was reopened"),
    /** No further tag. */
    ROUTING_FINGERPRINT("lbkit.routing.fingerprint", "The first 48 bits of the routing's fingerprint"),
    /** No further tag. */
    LAUNCH_DURATION("lbkit.launch.duration", "Time from the launch of an instance until it was ready"),
    /** No further tag. */
    LAUNCH_FAILURES("lbkit.launch.failures", "Launches that failed"),
    /** No further tag. */
    LOSSES("lbkit.losses", "Instances that served and are gone or unfit"),
    /** No further tag. */
    RESPAWNS("lbkit.respawns", "Launches of replacements"),
    /** By phase. */
    RECOVERY("lbkit.recovery", "Time that a phase of recovering a lost server took"),
    /** No further tag. */
    DRAINS("lbkit.drains", "Drains that ended"),
    /** By outcome. */
    DRAINED_ATTEMPTS("lbkit.drained.attempts", "Attempts in flight when a drain began, by how they ended");

    private final String id;
    private final String description;

    Metric(String id, String description) {
        this.id = id;
        this.description = description;
    }

    /** The name by Micrometer's convention. */
    String id() {
        return id;
    }

    /** What it tells, for people. */
    String description() {
        return description;
    }
}
