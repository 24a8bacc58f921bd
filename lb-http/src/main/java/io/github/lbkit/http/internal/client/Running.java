package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.HttpResponse;

/**
 * One attempt in progress, and what is known about its connection. Ends exactly once, whoever ends it first; the caller of
 * the request, the threads of an asynchronous client and the pool's notifier may all come here.
 */
final class Running {
    private final Attempt attempt;
    private final Way way;
    private final Used used;
    private final ClientSettings settings;
    private final boolean movable;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Closes the connection. Written before the attempt can be lost, read when it is. */
    private volatile Runnable cut = () -> {};

    /** Whether a byte of the request may have been written; written by whoever sends it. */
    private volatile boolean sent;

    /** Whether the connection had carried a request before; written by whoever sends. */
    private volatile boolean reused;

    /** Written with the head of the response, read by the same thread. */
    private boolean saysFailure;

    private volatile boolean responded;
    private boolean tried;

    private final AtomicReference<Holder> holder = new AtomicReference<>(Holder.SERVER);

    /** Who has the request; it leaves its server once. */
    private enum Holder {
        SERVER,
        /** The caller has the response. */
        CALLER,
        /** The server was lost before. */
        NOBODY
    }

    Running(Attempt attempt, Way way, Used used, ClientSettings settings, boolean movable) {
        this.attempt = attempt;
        this.way = way;
        this.used = used;
        this.settings = settings;
        this.movable = movable;
    }

    /** How it goes to its server. */
    Way way() {
        return way;
    }

    Used used() {
        return used;
    }

    void cutBy(Runnable value) {
        cut = value;
    }

    void sends() {
        sent = true;
    }

    boolean sent() {
        return sent;
    }

    /** Whether its body may have been read, in this or an earlier try. */
    boolean everSent() {
        return sent || tried;
    }

    /** Goes over a connection that was there before. */
    void reuses() {
        reused = true;
    }

    /** Whether its connection may have ended for being idle, which is no fault of the server. */
    boolean mayHaveIdled() {
        return reused && !responded;
    }

    /** Whether it may be tried over another connection; once. */
    boolean tryAgain() {
        if (tried) {
            return false;
        }
        tried = true;
        sent = false;
        reused = false;
        return true;
    }

    /** Notes that the head of a response has come. A status that says failure ends the attempt: no body changes that. */
    void responded(HttpResponse head) {
        Failure failure = settings.failure(head);
        saysFailure = failure != null;
        responded = true;
        attempt.responded();
        if (failure != null) {
            failed(failure);
        }
    }

    /** Whether the response says that the server failed. */
    boolean saysFailure() {
        return saysFailure;
    }

    /** The caller gets the response from here on; false if the server was lost before. */
    boolean handOver() {
        return holder.compareAndSet(Holder.SERVER, Holder.CALLER) || holder.get() == Holder.CALLER;
    }

    boolean lost() {
        return holder.get() == Holder.NOBODY;
    }

    /** The server cannot be trusted to answer: gives up the connection if another server can be asked. */
    void lose() {
        if (movable && !ended.get() && holder.compareAndSet(Holder.SERVER, Holder.NOBODY)) {
            cut.run();
        }
    }

    /** The response is complete, or as much of it as is needed. */
    void completed() {
        if (end()) {
            attempt.succeeded();
        }
    }

    void failed(Failure failure) {
        if (end()) {
            attempt.failed(failure);
        }
    }

    void abandoned() {
        if (end()) {
            attempt.abandoned();
        }
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        used.ended(this);
        return true;
    }
}
