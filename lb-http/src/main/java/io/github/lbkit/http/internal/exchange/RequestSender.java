package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.write.HeadWriter;
import org.jspecify.annotations.Nullable;

/** Sends a request to a server, and to another one from the beginning as long as all of it is still here. */
final class RequestSender {
    private final Worker worker;
    private final ClientRequest request;
    private final @Nullable BodyRelay body;
    private final ReplayBuffer replay;

    RequestSender(Worker worker, ClientRequest request, @Nullable BodyRelay body) {
        this.worker = worker;
        this.request = request;
        this.body = body;
        this.replay = new ReplayBuffer(worker.settings().limits().replay());
    }

    /**
     * Sends the head, what has been sent of the body before, and what there is now.
     *
     * @param in what the client sent; null if there is nothing at hand
     * @return false if the connection is broken
     */
    boolean begin(UpstreamConnection upstream, @Nullable Input in) throws BadMessageException {
        ByteSink out = worker.sink();
        out.clear();
        Head head = request.head();
        String authority = head.namesHost() ? "" : upstream.authority();
        HeadWriter.writeRequest(head, request.framing(), request.forwarded(), authority, out);
        out.crlf();
        if (body != null) {
            body.repeat(replay, out);
            if (in != null) {
                body.move(in, out, replay);
            }
        }
        return send(upstream, out);
    }

    /** Returns whether the body has a length, and can be kept as a whole. */
    boolean isShort() {
        return request.framing() > 0
                && request.framing() <= worker.settings().limits().replay();
    }

    /** Keeps what there is of a short body, without sending it. */
    void collect(Input in) throws BadMessageException {
        if (body != null) {
            ByteSink out = worker.sink();
            out.clear();
            body.move(in, out, replay);
        }
    }

    /** Returns how many bytes of the body are kept. */
    long buffered() {
        return replay.size();
    }

    /** Keeps nothing any more. */
    void drop() {
        replay.drop();
    }

    /** Sends what there is of the body; false if the connection is broken. */
    boolean feed(UpstreamConnection upstream, Input in) throws BadMessageException {
        if (body == null) {
            return true;
        }
        ByteSink out = worker.sink();
        out.clear();
        body.move(in, out, replay);
        return send(upstream, out);
    }

    private boolean send(UpstreamConnection upstream, ByteSink out) {
        boolean sent = upstream.send(out.array(), 0, out.size());
        if (upstream.hasWritten() && !request.isIdempotent()) {
            replay.drop();
        }
        return sent;
    }

    /** Whether the whole request was given to the server's connection. */
    boolean isComplete() {
        return body == null || body.isComplete();
    }

    /**
     * Whether the request may be sent again after an attempt.
     *
     * @param written whether the attempt wrote a byte of it
     */
    boolean mayRepeat(boolean written) {
        return (!written || request.isIdempotent()) && (body == null || replay.isWhole());
    }
}
