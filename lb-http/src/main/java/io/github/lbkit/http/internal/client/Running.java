package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable ResponseTimer timer;
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
        /** The server was lost before, or has kept the request waiting for too long. */
        NOBODY
    }

    /** Written by whoever waits for the server, read by the timer. */
    private volatile long waitsSince;

    /** Where HttpClient notes the connection. Written by whoever executes, read by the timer. */
    private volatile @Nullable HttpCoreContext executing;

    /** Whether the server has kept the attempt waiting for too long; written by the timer, read by whoever waits. */
    private volatile boolean expired;

    /** Begins as held by the server; without a timer, HttpClient's own timeouts end what waits. */
    Running(
            Attempt attempt,
            Way way,
            Used used,
            ClientSettings settings,
            boolean movable,
            @Nullable ResponseTimer timer) {
        this.attempt = attempt;
        this.way = way;
        this.used = used;
        this.settings = settings;
        this.movable = movable;
        this.timer = timer;
    }

    /** Begins a wait for the server, or extends one after progress. */
    void awaits() {
        ResponseTimer timed = timer;
        if (timed != null) {
            waitsSince = timed.nanoTime();
            timed.begin(this);
        }
    }

    /** Ends a wait for the server. */
    void rests() {
        ResponseTimer timed = timer;
        if (timed != null) {
            timed.end(this);
        }
    }

    long waitsSince() {
        return waitsSince;
    }

    /** The request goes over the connection that HttpClient notes in this context. */
    void executes(HttpCoreContext context) {
        executing = context;
    }

    /** Gives up the connection after too long a wait, unless HttpClient's configuration allows a longer wait. */
    void expire() {
        HttpCoreContext context = executing;
        // an unordered read of what was written long ago: at worst the details are unknown, and the limit holds
        if (context != null && settings.responseLimit().yieldsTo(context.getEndpointDetails())) {
            return;
        }
        expired = true;
        holder.compareAndSet(Holder.SERVER, Holder.NOBODY);
        cut.run();
    }

    boolean expired() {
        return expired;
    }

    /** Returns the failure of an attempt that has expired, in place of what the end of its connection has thrown. */
    SocketTimeoutException explained(Exception cause) {
        SocketTimeoutException late = new SocketTimeoutException("server "
                + attempt.server().id() + " at "
                + attempt.instance().address() + " kept its request waiting for longer than the responseTimeout of "
                + settings.responseLimit().time());
        late.initCause(cause);
        return late;
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

    boolean hasResponded() {
        return responded;
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
        return holder.get() == Holder.NOBODY && !expired;
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
