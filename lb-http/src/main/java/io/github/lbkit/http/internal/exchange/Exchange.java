package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.write.StatusLine;
import org.jspecify.annotations.Nullable;

/** One request and its response, from the complete head on. Confined to its client's loop. */
abstract class Exchange {
    /** A body that is not wanted any more is read up to this for the requests behind it; what is longer ends the connection. */
    static final long MAX_DISCARDED = 256 * 1024;

    final Worker worker;
    final ClientConnection client;
    final ClientRequest request;

    /** The request's body on its way; null if it has none. */
    final @Nullable BodyRelay body;

    private @Nullable Ending ending;
    private boolean continued;
    private int status;
    private long bodyBytes;

    Exchange(Worker worker, ClientConnection client, ClientRequest request) {
        this.worker = worker;
        this.client = client;
        this.request = request;
        body = request.hasBody()
                ? BodyRelay.ofRequest(request.framing(), worker.settings().limits())
                : null;
    }

    /** Begins; the input may have bytes of the body. */
    abstract void begin(Input in);

    /** The client sent something: takes what is of this request and can be used now, and leaves the rest. */
    abstract void clientSent(Input in);

    /** The client took everything that was sent to it. */
    abstract void clientDrained();

    /** Whether the exchange can go on only if the client sends more. */
    abstract boolean awaitsClient();

    /** The time for the whole request is over. */
    abstract void deadlineOver();

    /** Ends all that is done for the request: the client is gone, does not send the rest, or sends what is bad. */
    abstract void abandon();

    /** Returns whether the response ends only with its client, so that a client that ends its side ends the exchange. */
    boolean endsWithClient() {
        return false;
    }

    /** The proxy stops: an exchange that would go on for as long as it can ends now. */
    void stopping() {}

    /** Whether a byte of the final response may have gone out. */
    abstract boolean hasAnswered();

    /** The id of the server that was asked last; null if none was. */
    @Nullable
    String serverId() {
        return null;
    }

    /** How many attempts were made. */
    int attempts() {
        return 0;
    }

    /** How many bytes the exchange itself holds for later: of a request that may be repeated, of a response that is held. */
    long buffered() {
        return 0;
    }

    /** Notes how the exchange ends; the first word counts. */
    final void ends(Ending how) {
        if (ending == null) {
            ending = how;
        }
    }

    /** Returns how the exchange ended, or would if it ended now. */
    final Ending ending() {
        Ending how = ending;
        return how == null ? Ending.COMPLETE : how;
    }

    /** The final response's status; 0 if there was none. */
    final int status() {
        return status;
    }

    /** How much of the response's body went out. */
    final long bodyBytes() {
        return bodyBytes;
    }

    final void answered(int finalStatus, long sentBodyBytes) {
        status = finalStatus;
        bodyBytes = sentBodyBytes;
    }

    final boolean isBodyComplete() {
        return body == null || body.isComplete();
    }

    /** Whether the client was told to send the body. */
    final boolean wasContinued() {
        return continued;
    }

    /** The client is told to send the body by whoever calls this. */
    final void continuing() {
        continued = true;
    }

    /** Tells the client to send the body, unless it was told or does not wait. */
    final void tellContinue() {
        if (request.expectsContinue() && !continued && (body == null || body.moved() == 0)) {
            continued = true;
            ByteSink out = worker.sink();
            out.clear();
            StatusLine.put(100, out);
            out.crlf();
            client.write(out);
        }
    }

    /** Whether the client's connection can serve another request after this one, if the response ended now. */
    final boolean mayKeepClient() {
        if (!request.keepAlive() || worker.isStopping()) {
            return false;
        }
        if (body == null || body.isComplete()) {
            return true;
        }
        boolean maySkipBody = request.expectsContinue() && !continued && body.moved() == 0;
        return !maySkipBody && body.left() <= MAX_DISCARDED;
    }

    /** Answers from here; the exchange ends. */
    final void answer(LocalResponse response, boolean mayKeep) {
        boolean keep = mayKeep && mayKeepClient();
        ByteSink out = worker.sink();
        out.clear();
        answered(response.status(), worker.responses().put(response, request, keep, out));
        if (client.write(out)) {
            client.session().exchangeDone(keep);
        }
    }

    /** Runs this; what it throws ends this exchange, by 500 or by a cut. */
    final void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            client.session().crashed(e);
        }
    }
}
