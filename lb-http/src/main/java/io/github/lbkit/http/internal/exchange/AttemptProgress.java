package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;

/** The progress of the current attempt of an exchange, for its deadlines and its ending. Confined to its loop. */
final class AttemptProgress {
    private final TimeoutNanos timeouts;

    /** True if a byte of a response was received. */
    private boolean responded;

    /** True if writing to the server has failed. The response may have been sent before that, and is still read. */
    private boolean writeFailed;

    /** True if the response had to wait because the client did not read. */
    private boolean clientWasSlow;

    /** True if the deadline of the response head runs. Only the head ends it. */
    private boolean headAwaited;

    /** The time at which the server had the whole request; valid while {@link #headAwaited}. */
    private long sentNanos;

    AttemptProgress(TimeoutNanos timeouts) {
        this.timeouts = timeouts;
    }

    /** Resets the progress for another attempt. */
    void restart() {
        responded = false;
        writeFailed = false;
        clientWasSlow = false;
        headAwaited = false;
    }

    /** Notes that a byte of a response was received. */
    void responded() {
        responded = true;
    }

    /** Notes the result of a write. */
    void wrote(boolean succeeded) {
        writeFailed |= !succeeded;
    }

    boolean hasWriteFailed() {
        return writeFailed;
    }

    /** Notes whether the response has to wait now because the client does not read. */
    void clientIsSlow(boolean slow) {
        clientWasSlow |= slow;
    }

    boolean wasClientSlow() {
        return clientWasSlow;
    }

    /** Sets the deadline of the response head, which runs from the moment at which the server has the whole request. */
    void awaitHead(UpstreamConnection server, long now) {
        if (!headAwaited) {
            headAwaited = true;
            sentNanos = now;
        }
        server.setDeadline(sentNanos + timeouts.responseHead());
    }

    /** Returns whether the server has had the request for at least half of the timeout of the whole request. */
    boolean serverHadMostOfTheTime(long now) {
        long whole = timeouts.request().orElse(Long.MAX_VALUE);
        return headAwaited && now - sentNanos >= whole / 2;
    }

    /**
     * Returns the state in which the connection of the attempt fails.
     *
     * @param hasHead whether the final response head was received
     * @param bodyComplete whether the whole body of the request was read
     */
    Ending.Phase phase(UpstreamConnection server, boolean hasHead, boolean bodyComplete) {
        boolean unsent = server.leavesUnsent();
        boolean awaitsClient = !bodyComplete && !writeFailed && !unsent;
        return new Ending.Phase(server.wasUsed(), responded, hasHead, awaitsClient, unsent, clientWasSlow);
    }
}
