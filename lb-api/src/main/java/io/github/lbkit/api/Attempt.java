package io.github.lbkit.api;

import java.time.Duration;

/**
 * One try at one server. Ends exactly once: succeeded, failed or abandoned. Confined to one thread at a time.
 *
 * <p>{@link #close} abandons an attempt that has not ended, so that try-with-resources leaks none.
 */
public final class Attempt implements Pick, AutoCloseable {
    private final LoadBalancer balancer;
    private final Server server;
    private final Instance instance;
    private final ServerLoad load;
    private final int number;
    private final long beganNanos;
    private final boolean trial;
    private boolean freesARetry;
    private boolean responded;
    private boolean ended;

    Attempt(LoadBalancer balancer, Server server, ServerLoad load, int number, boolean trial) {
        this.balancer = balancer;
        this.server = server;
        this.instance = server.instance().orElseThrow();
        this.load = load;
        this.number = number;
        this.trial = trial;
        this.beganNanos = balancer.scheduler.nanoTime();
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.attemptBegan(server));
        }
    }

    /** The server to try, as it was when the attempt began. */
    public Server server() {
        return server;
    }

    /** The instance to talk to. */
    public Instance instance() {
        return instance;
    }

    /** 1 for a call's first attempt. */
    public int number() {
        return number;
    }

    /** The first byte of a response has come: its time is what least requests breaks ties by. Counts once. */
    public void responded() {
        if (!responded && !ended) {
            responded = true;
            long nanos = sinceBegin();
            load.measured(nanos);
            if (balancer.listener != null) {
                balancer.listener.tell(l -> l.responded(server, Duration.ofNanos(nanos)));
            }
        }
    }

    /** The attempt went well: the server did what was asked, whatever it answered. */
    public void succeeded() {
        end();
        balancer.protection.succeeded(server, load.health, trial);
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.succeeded(server, Duration.ofNanos(sinceBegin())));
        }
    }

    /** The server failed. */
    public void failed(Failure failure) {
        end();
        freesARetry = failure == Failure.CONNECT || failure == Failure.DISCONNECT;
        balancer.protection.failed(server, load.health, trial);
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.failed(server, failure, Duration.ofNanos(sinceBegin())));
        }
    }

    /** The caller gave up, for reasons of its own; this says nothing about the server. */
    public void abandoned() {
        end();
        freesARetry = true;
        balancer.protection.abandoned(load.health, trial);
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.abandoned(server, Duration.ofNanos(sinceBegin())));
        }
    }

    /** Whether it ended because its server could not be reached or was there no longer, or was given up. */
    boolean freesARetry() {
        return freesARetry;
    }

    /** Whether it has ended. */
    public boolean ended() {
        return ended;
    }

    /** Abandons the attempt unless it has ended. */
    @Override
    public void close() {
        if (!ended) {
            abandoned();
        }
    }

    private void end() {
        if (ended) {
            throw new IllegalStateException("the attempt on " + server.id() + " has already ended");
        }
        ended = true;
        load.release();
        if (balancer.boundedLoad != null) {
            balancer.boundedLoad.release();
        }
    }

    private long sinceBegin() {
        return balancer.scheduler.nanoTime() - beganNanos;
    }
}
