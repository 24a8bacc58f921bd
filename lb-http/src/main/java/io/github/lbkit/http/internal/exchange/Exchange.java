package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.outcome.AccessLog;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import io.github.lbkit.http.internal.outcome.FailureResponses;
import io.github.lbkit.http.internal.wire.BadMessageException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** One request and its response, from the complete request head on. Confined to the loop of its client. */
public abstract class Exchange implements AccessLog.Entry {
    final ClientStream stream;
    final ClientRequest request;
    final ExchangeLogs logs;

    private @Nullable Ending ending;

    /** True if the response is complete. */
    private boolean over;

    private int status;
    private long bodyBytes;

    Exchange(ClientStream stream, ClientRequest request, ExchangeLogs logs) {
        this.stream = stream;
        this.request = request;
        this.logs = logs;
    }

    /** Begins the exchange. Bytes of the body may be at hand. */
    public abstract void begin();

    /** Handles that bytes of the client are at hand. The exchange reads what it can use now. */
    public abstract void bodyAvailable();

    /** Handles that the client has taken everything that was sent. */
    public abstract void clientDrained();

    /** Returns whether the exchange makes no progress until the client sends more of the body. */
    public abstract boolean awaitsBody();

    /** Handles that the timeout of the whole request has passed. */
    public abstract void requestTimedOut();

    /** Ends all work for the request. No response is sent. */
    public abstract void abandon();

    /** Returns whether a byte of the final response may have been sent. */
    public abstract boolean hasResponded();

    /** Returns whether the response goes on for as long as the client reads, so that a half-close ends the exchange. */
    public boolean isEndless() {
        return false;
    }

    /** Returns whether the exchange has become a tunnel, whose input has no end but that of the client's direction. */
    public boolean isTunnel() {
        return false;
    }

    /** Handles that the client of a tunnel has ended its direction, after the last byte was read. */
    public void clientEnded() {}

    /** Handles that the proxy stops. An exchange that would go on without end ends now. */
    public void stopping() {}

    /** Returns the number of bytes that the exchange holds: the copy of the body for a retry, and a held response. */
    public long bufferedBytes() {
        return 0;
    }

    /** Notes how the exchange ends. Only the first call counts. */
    public final void endAs(Ending how) {
        if (ending == null) {
            ending = how;
        }
    }

    /** Returns how the exchange ended, or would end now. */
    final Ending ending() {
        Ending how = ending;
        return how == null ? Ending.COMPLETE : how;
    }

    /** Ends the exchange with this response, or by a reset if a response has begun. The connection ends too. */
    public final void fail(Ending how, LocalResponse response) {
        endAs(how);
        boolean responded = over || hasResponded();
        abandon();
        stream.discard();
        if (responded) {
            stream.reset();
        } else {
            stream.closeAfterResponse();
            respond(response);
        }
    }

    /** Refuses a request that breaks a rule or a limit. */
    public final void refuse(BadMessageException cause) {
        logs.refusals().refused(cause);
        fail(Ending.BAD_REQUEST, FailureResponses.of(cause.status()));
    }

    /** Fails the exchange because its code, or code of the application that works on it, has thrown this. */
    public final void crashed(Throwable cause) {
        logs.failures().crashed(request.view(), cause);
        try {
            fail(Ending.INTERNAL_ERROR, FailureResponses.of(Ending.INTERNAL_ERROR));
        } catch (Throwable e) {
            cause.addSuppressed(e);
            stream.reset();
        }
    }

    /** Runs a step of the exchange. Whatever the step throws fails this exchange alone. */
    final void guard(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            crashed(e);
        }
    }

    /** Sends a complete response of the proxy's own. The exchange ends. */
    final void respond(LocalResponse response) {
        responded(response.status(), stream.putResponse(response));
        if (stream.flush()) {
            finished();
        }
    }

    /** Ends the exchange after a complete response. */
    final void finished() {
        over = true;
        stream.done();
    }

    /** Notes the final response and the bytes of its body so far, for the access log. */
    final void responded(int finalStatus, long sentBodyBytes) {
        status = finalStatus;
        bodyBytes = sentBodyBytes;
    }

    /** Returns the request. */
    public final ClientRequest request() {
        return request;
    }

    @Override
    public final InetAddress clientAddress() {
        return request.view().clientAddress();
    }

    @Override
    public final String method() {
        return request.head().method();
    }

    @Override
    public final String target() {
        return request.head().target();
    }

    @Override
    public final int status() {
        return status;
    }

    @Override
    public final long bodyBytes() {
        return bodyBytes;
    }

    @Override
    public final long beganNanos() {
        return request.beganNanos();
    }

    @Override
    public @Nullable String serverId() {
        return null;
    }

    @Override
    public int attempts() {
        return 0;
    }

    @Override
    public final String requestId() {
        return request.view().requestId();
    }

    @Override
    public final @Nullable String clientCertificate() {
        return request.view().clientCertificateSubject().orElse(null);
    }

    @Override
    public final String endingWord() {
        return ending().word();
    }
}
