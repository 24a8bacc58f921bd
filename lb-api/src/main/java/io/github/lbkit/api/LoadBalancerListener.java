package io.github.lbkit.api;

import java.time.Duration;

/**
 * A listener of everything that happens in a balancer. Must not block.
 *
 * <p>Calls and attempts ({@link #callBegan}, {@link #attemptBegan}, {@link #retried}, {@link #skipped}, {@link #noServer},
 * {@link #responded}, {@link #succeeded}, {@link #failed}, {@link #abandoned}) are told on the threads on which they happen, a
 * proxy's loops among them, several at a time. Changes of state (all other methods) are told one at a time, in their order, as
 * {@link InstanceListener} describes. A listener may throw anything: it is logged, at most once a minute for each class of
 * listeners, and harms neither the attempt nor other listeners.
 */
public interface LoadBalancerListener extends InstanceListener {
    /** A call begins: one request, whatever becomes of it. */
    default void callBegan() {}

    /** An attempt on this server begins. */
    default void attemptBegan(Server server) {}

    /** The attempt that begins is a retry: not its call's first. Told before {@link #attemptBegan}. */
    default void retried(Server server) {}

    /** A candidate was passed by. */
    default void skipped(Server server, SkipReason reason) {}

    /** A call got no server. */
    default void noServer(NoServer noServer) {}

    /** The first byte of a response has come, this long after the attempt began. */
    default void responded(Server server, Duration sinceBegin) {}

    /** An attempt ended well. */
    default void succeeded(Server server, Duration sinceBegin) {}

    /** An attempt failed. */
    default void failed(Server server, Failure failure, Duration sinceBegin) {}

    /** An attempt was given up by its caller; it says nothing about the server. */
    default void abandoned(Server server, Duration sinceBegin) {}

    /** Probes found that this server's instance cannot serve; it gets no attempts unless too few servers would remain. */
    default void becameUnhealthy(Server server, String reason) {}

    /** Probes found that this server's instance can serve (again). */
    default void becameHealthy(Server server) {}

    /** A server gets no attempts for this long, because of what its traffic showed. */
    default void ejected(Server server, Duration time) {}

    /** The same, with the reason; unless overridden it goes to {@link #ejected(Server, Duration)}. */
    default void ejected(Server server, Duration time, EjectionReason reason) {
        ejected(server, time);
    }

    /** A server's ejection is over: its trial was answered, or too few other servers remain. */
    default void returned(Server server) {}

    /**
     * Fail-open has begun or ended: while it lasts, health and ejections are ignored because too few servers are fit.
     *
     * @param failOpen whether it has begun
     * @param fit the number of eligible servers that are neither unhealthy nor held out by an ejection
     * @param eligible the number of servers that are ready, have a weight above 0 and no operator's override
     */
    default void failOpenChanged(boolean failOpen, int fit, int eligible) {}

    /**
     * The policy has refused a membership; the routing table before it stays in force.
     *
     * @param reason what the policy threw
     */
    default void membershipRefused(Membership membership, String reason) {}

    /** The operator changed a server's override. */
    default void overridden(String id, OperatorOverride override) {}

    /** Something happened in the pool, mostly to one of its servers. */
    default void poolEvent(PoolEvent event) {}
}
