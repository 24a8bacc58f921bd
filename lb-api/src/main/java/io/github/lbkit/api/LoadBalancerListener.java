package io.github.lbkit.api;

import java.time.Duration;

/**
 * Everything that happens in a balancer. Called on the threads on which it happens, a proxy's loops among them: must
 * not block. One that throws is logged once for each method and harms nobody.
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

    /** A server that was ejected has proved well again. */
    default void returned(Server server) {}

    /** The operator changed a server's override. */
    default void overridden(String id, OperatorOverride override) {}

    /** Something happened in the pool, mostly to one of its servers. */
    default void poolEvent(PoolEvent event) {}
}
