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
 * One attempt of a balanced request in progress, and the state of its connection. Thread-safe: the caller of the
 * request, the threads of an asynchronous client, the response timer and the pool's notifier use it. The first of them
 * that ends the attempt decides its outcome; later calls do nothing.
 */
public final class ClientAttempt {
    private final Attempt attempt;
    private final ServerRoute route;
    private final ClientInstance instance;
    private final ClientSettings settings;
    private final boolean retryable;
    private final @Nullable ResponseTimer timer;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.AWAITING_RESPONSE);

    /** Closes the connection. Written before the attempt can lose its server, read when it does. */
    private volatile Runnable closeConnection = () -> {};

    /** True once a byte of the request may have been written. Written by the sending thread, read by all. */
    private volatile boolean sent;

    /** True if the connection carried a request before. Written by the sending thread, read by all. */
    private volatile boolean reused;

    /** Written with the head of the response, read by the same thread. */
    private boolean failureResponse;

    private volatile boolean responded;
    private boolean retriedOnNewConnection;

    /** Written by the thread that waits for the server, read by the timer. */
    private volatile long waitingSince;

    /** The context in which HttpClient notes the connection. Written by the sending thread, read by the timer. */
    private volatile @Nullable HttpCoreContext context;

    /** True if the wait for the server took too long. Written by the timer, read by the waiting thread. */
    private volatile boolean expired;

    /** The stages of an attempt; the first is left once. */
    private enum Stage {
        /** The caller has no response yet. */
        AWAITING_RESPONSE,
        /** The caller has the response. */
        HANDED_OVER,
        /** The server was lost, or the response timer expired, before the caller had a response. */
        GIVEN_UP
    }

    /**
     * Creates an attempt that has no response yet.
     *
     * @param retryable whether the request may be sent again after a server has received it
     * @param timer the timer of waits for the server; null if only HttpClient's own timeouts apply
     */
    ClientAttempt(
            Attempt attempt,
            ServerRoute route,
            ClientInstance instance,
            ClientSettings settings,
            boolean retryable,
            @Nullable ResponseTimer timer) {
        this.attempt = attempt;
        this.route = route;
        this.instance = instance;
        this.settings = settings;
        this.retryable = retryable;
        this.timer = timer;
    }

    /** Starts the response timer for a wait for the server, or restarts the timer after progress. */
    public void beginWait() {
        ResponseTimer timed = timer;
        if (timed != null) {
            waitingSince = timed.nanoTime();
            timed.begin(this);
        }
    }

    /** Stops the response timer. */
    public void endWait() {
        ResponseTimer timed = timer;
        if (timed != null) {
            timed.end(this);
        }
    }

    /** Returns the time at which the current wait began, in nanoseconds of the balancer's clock. */
    long waitingSince() {
        return waitingSince;
    }

    /** Stores the context in which HttpClient notes the connection of the request. */
    public void connectionIn(HttpCoreContext value) {
        context = value;
    }

    /** Closes the connection after too long a wait, unless HttpClient's configuration allows a longer wait. */
    void expire() {
        HttpCoreContext current = context;
        // an unordered read of a value written long ago: at worst the details are unknown, and the limit holds
        if (current != null && settings.responseLimit().yieldsTo(current.getEndpointDetails())) {
            return;
        }
        expired = true;
        stage.compareAndSet(Stage.AWAITING_RESPONSE, Stage.GIVEN_UP);
        closeConnection.run();
    }

    /** Returns whether the response timer has ended the connection. */
    public boolean expired() {
        return expired;
    }

    /**
     * Returns the timeout exception of an expired attempt, for use instead of the exception of the closed connection.
     */
    public SocketTimeoutException timeout(Exception cause) {
        SocketTimeoutException late = new SocketTimeoutException("server "
                + attempt.server().id() + " at "
                + attempt.instance().address() + " kept its request waiting for longer than the responseTimeout of "
                + settings.responseLimit().time());
        late.initCause(cause);
        return late;
    }

    /** Returns the route to the server. */
    public ServerRoute route() {
        return route;
    }

    /** Returns the instance that the attempt is sent to. */
    public ClientInstance instance() {
        return instance;
    }

    /** Sets the action that closes the connection. */
    public void closeBy(Runnable action) {
        closeConnection = action;
    }

    /** Notes that bytes of the request may be written from now on. */
    public void markSent() {
        sent = true;
    }

    /** Returns whether a byte of the request may have been written over the current connection. */
    public boolean sent() {
        return sent;
    }

    /** Returns whether the request's body may have been read, over this or an earlier connection. */
    public boolean everSent() {
        return sent || retriedOnNewConnection;
    }

    /** Notes that the connection was open before the attempt. */
    public void markReused() {
        reused = true;
    }

    /**
     * Returns whether the server may have closed the connection because it was idle, which is no failure of the server.
     */
    boolean mayHaveIdledOut() {
        return reused && !responded;
    }

    /** Prepares a second try over a new connection; false if the second try has been made. */
    boolean retryOnNewConnection() {
        if (retriedOnNewConnection) {
            return false;
        }
        retriedOnNewConnection = true;
        sent = false;
        reused = false;
        return true;
    }

    /**
     * Notes the head of the response. A failure status ends the attempt at once, because no body changes the outcome.
     */
    public void responded(HttpResponse head) {
        Failure failure = settings.failure(head);
        failureResponse = failure != null;
        responded = true;
        attempt.responded();
        if (failure != null) {
            failed(failure);
        }
    }

    /** Returns whether the head of the response has arrived. */
    public boolean hasResponded() {
        return responded;
    }

    /** Returns whether the status of the response counts as a failure of the server. */
    public boolean isFailureResponse() {
        return failureResponse;
    }

    /** Assigns the response to the caller; false if the attempt was given up before. */
    public boolean handOver() {
        return stage.compareAndSet(Stage.AWAITING_RESPONSE, Stage.HANDED_OVER) || stage.get() == Stage.HANDED_OVER;
    }

    /** Returns whether the attempt was given up because its server was lost. */
    public boolean isServerLost() {
        return stage.get() == Stage.GIVEN_UP && !expired;
    }

    /** Closes the connection to a lost server, if the request may be sent to another server. */
    void serverLost() {
        if (retryable && !ended.get() && stage.compareAndSet(Stage.AWAITING_RESPONSE, Stage.GIVEN_UP)) {
            closeConnection.run();
        }
    }

    /** Ends the attempt as a success. */
    public void completed() {
        if (end()) {
            attempt.succeeded();
        }
    }

    /** Ends the attempt as a failure of the server. */
    public void failed(Failure failure) {
        if (end()) {
            attempt.failed(failure);
        }
    }

    /** Ends the attempt without a verdict on the server. */
    public void abandoned() {
        if (end()) {
            attempt.abandoned();
        }
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        instance.ended(this);
        return true;
    }
}
