package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.body.BodySink;
import io.github.lbkit.http.internal.body.ReplayBuffer;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.body.ChunkEncoder;
import io.github.lbkit.http.internal.wire.body.Framing;
import io.github.lbkit.http.internal.wire.body.Trailers;
import io.github.lbkit.http.internal.wire.write.HeadWriter;
import org.jspecify.annotations.Nullable;

/** The sender of one request. It can send the request again while the replay buffer has the whole body. */
final class RequestSender implements BodySink {
    private final ClientStream stream;
    private final ClientRequest request;
    private final OutputBuffer output;
    private final int maxReplay;

    /** The protocols that the request asks to switch to; null if it asks for none. */
    private final @Nullable Upgrade upgrade;

    /** The copy of the body for a retry; null if the request has no body. */
    private final @Nullable ReplayBuffer replay;

    /** The output of the current call; null while the body is only collected. */
    private @Nullable ByteSink out;

    RequestSender(
            ClientStream stream, ClientRequest request, OutputBuffer output, int maxReplay, @Nullable Upgrade upgrade) {
        this.stream = stream;
        this.request = request;
        this.output = output;
        this.maxReplay = maxReplay;
        this.upgrade = upgrade;
        replay = request.hasBody() ? new ReplayBuffer(maxReplay) : null;
    }

    /**
     * Sends the head, the part of the body that the replay buffer has, and the bytes at hand.
     *
     * @return false if the connection is broken
     */
    boolean begin(UpstreamConnection upstream) throws BadMessageException {
        ByteSink to = output.cleared();
        Head head = request.head();
        String authority = head.namesHost() ? "" : upstream.authority();
        HeadWriter.writeRequest(head, request.framing(), request.forwarded(), authority, to);
        if (upgrade != null) {
            upgrade.putFields(to);
        }
        to.crlf();
        if (replay != null) {
            replay.putTo(to, isChunked());
            if (stream.isBodyComplete()) {
                putEnd(to, stream.trailers());
            } else {
                read(to);
            }
        }
        return send(upstream, to);
    }

    /**
     * Sends the bytes of the body at hand.
     *
     * @return false if the connection is broken
     */
    boolean sendBody(UpstreamConnection upstream) throws BadMessageException {
        if (replay == null) {
            return true;
        }
        ByteSink to = output.cleared();
        read(to);
        return send(upstream, to);
    }

    /** Stores the bytes of the body at hand in the replay buffer, without sending them. */
    void collect() throws BadMessageException {
        stream.readBody(this);
    }

    private void read(ByteSink to) throws BadMessageException {
        out = to;
        try {
            stream.readBody(this);
        } finally {
            out = null;
        }
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        ByteSink target = out;
        if (target != null && isChunked()) {
            ChunkEncoder.putChunk(target, bytes, from, to);
        } else if (target != null) {
            target.put(bytes, from, to);
        }
        if (replay != null) {
            replay.add(bytes, from, to);
        }
    }

    @Override
    public void end(@Nullable Head trailers) {
        ByteSink target = out;
        if (target != null) {
            putEnd(target, trailers);
        }
    }

    private void putEnd(ByteSink to, @Nullable Head trailers) {
        if (!isChunked()) {
            return;
        }
        if (trailers == null) {
            ChunkEncoder.putLastChunk(to);
        } else {
            Trailers.putLastChunk(trailers, to);
        }
    }

    private boolean isChunked() {
        return request.framing() == Framing.CHUNKED;
    }

    private boolean send(UpstreamConnection upstream, ByteSink bytes) {
        boolean sent = upstream.send(bytes.array(), 0, bytes.size());
        if (upstream.hasWritten() && !request.isIdempotent()) {
            drop();
        }
        return sent;
    }

    /** Returns whether the body has a length and fits into the replay buffer. */
    boolean isShort() {
        return request.framing() > 0 && request.framing() <= maxReplay;
    }

    /** Returns the number of bytes in the replay buffer. */
    long buffered() {
        return replay == null ? 0 : replay.size();
    }

    /** Drops the replay buffer. */
    void drop() {
        if (replay != null) {
            replay.drop();
        }
    }

    /** Returns whether the whole body was read from the client. */
    boolean isComplete() {
        return stream.isBodyComplete();
    }

    /** Returns whether the request must use a new connection: a request that asks for an upgrade cannot be repeated. */
    boolean needsFreshConnection() {
        return upgrade != null;
    }

    /**
     * Returns whether the request may be sent again after an attempt.
     *
     * @param written whether the attempt has written a byte of the request
     */
    boolean mayRepeat(boolean written) {
        return (!written || (upgrade == null && request.isIdempotent())) && (replay == null || replay.isWhole());
    }
}
