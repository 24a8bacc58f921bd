package io.github.lbkit.api;

import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.SkipReason;
import java.time.Duration;

/**
 * A listener of all events of a balancer. Must not block.
 *
 * <p>Events of calls and attempts ({@link #callBegan}, {@link #attemptBegan}, {@link #retried}, {@link #skipped},
 * {@link #noServer}, {@link #responded}, {@link #succeeded}, {@link #failed}, {@link #abandoned}) are delivered on the
 * thread of the event, such as a proxy's loop, several at a time. All other events are changes of state. They are
 * delivered one at a time, in order, as {@link InstanceListener} describes. An exception is logged, at most once a
 * minute for each class of listeners, and affects neither the attempt nor other listeners.
 */
public interface LoadBalancerListener extends InstanceListener {
    /** Called when a call begins, once for each request. */
    default void callBegan() {}

    /** Called when an attempt at this server begins. */
    default void attemptBegan(Server server) {}

    /** Called before {@link #attemptBegan} if the attempt is a retry. */
    default void retried(Server server) {}

    /** Called when a call skips a candidate. */
    default void skipped(Server server, SkipReason reason) {}

    /** Called when a call gets no server. */
    default void noServer(NoServer noServer) {}

    /** Called when the first byte of a response has come, with the time since the attempt began. */
    default void responded(Server server, Duration sinceBegin) {}

    /** Called when an attempt has succeeded, with its duration. */
    default void succeeded(Server server, Duration sinceBegin) {}

    /** Called when an attempt has failed, with its duration. */
    default void failed(Server server, Failure failure, Duration sinceBegin) {}

    /** Called when the caller has given up an attempt, which says nothing about the server, with its duration. */
    default void abandoned(Server server, Duration sinceBegin) {}

    /**
     * Called when probes find that an instance cannot serve. The instance gets no attempts unless too few servers would
     * remain.
     */
    default void becameUnhealthy(Server server, String reason) {}

    /** Called when probes find that an instance can serve, or can serve again. */
    default void becameHealthy(Server server) {}

    /** Called when a server is ejected for this time because of its traffic. */
    default void ejected(Server server, Duration time) {}

    /** Called when a server is ejected, with the reason; by default calls {@link #ejected(Server, Duration)}. */
    default void ejected(Server server, Duration time, EjectionReason reason) {
        ejected(server, time);
    }

    /** Called when an ejection has ended: the trial was answered, or too few other servers remain. */
    default void returned(Server server) {}

    /**
     * Called when fail-open begins or ends. During fail-open, health and ejections are ignored because too few servers
     * are fit.
     *
     * @param failOpen whether fail-open begins
     * @param fit the number of eligible servers that are neither unhealthy nor excluded by an ejection
     * @param eligible the number of servers that are ready, have a weight above 0 and no operator's override
     */
    default void failOpenChanged(boolean failOpen, int fit, int eligible) {}

    /**
     * Called when the policy has refused a membership. The previous routing table stays in force.
     *
     * @param reason the exception of the policy
     */
    default void membershipRefused(Membership membership, String reason) {}

    /** Called when the operator has changed a server's override. */
    default void overridden(String id, OperatorOverride override) {}

    /** Called for each event of the pool, most of which are about one server. */
    default void poolEvent(PoolEvent event) {}
}
