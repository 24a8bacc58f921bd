package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.body.ChunkEncoder;
import java.util.Arrays;
import java.util.Optional;

/** A request that is answered here: guard, then body, then handler, then perhaps a body as it is made. */
final class LocalExchange extends Exchange {
    private static final int FIRST_CAPACITY = 256;

    private final Route route;
    private final LocalStream stream;
    private final ByteSink collected = new ByteSink(FIRST_CAPACITY);
    private boolean truncated;
    private boolean handed;
    private boolean over;

    /** Whether the head of a streamed response is out, and its body has not ended. */
    private boolean streaming;

    private boolean keep;
    private int streamedStatus;
    private long streamed;

    LocalExchange(Worker worker, ClientConnection client, ClientRequest request, Route route) {
        super(worker, client, request);
        this.route = route;
        stream = new LocalStream(worker.loop(), this);
    }

    @Override
    void begin(Input in) {
        Optional<LocalResponse> refusal = worker.settings().guard().apply(request.view());
        if (refusal.isPresent()) {
            finish(refusal.get());
            return;
        }
        if (body != null && in.isEmpty()) {
            tellContinue();
        }
        if (!over) {
            clientSent(in);
        }
    }

    @Override
    void clientSent(Input in) {
        if (handed) {
            return;
        }
        if (body != null) {
            try {
                body.decodeInto(collected, in);
            } catch (BadMessageException e) {
                client.session().refuse(e);
                return;
            }
            truncated = collected.size() > route.maxBody();
        }
        if (truncated || isBodyComplete()) {
            hand();
        }
    }

    private void hand() {
        handed = true;
        byte[] bytes = Arrays.copyOf(collected.array(), Math.min(collected.size(), route.maxBody()));
        LocalRequest asked = new LocalRequest(request.view().detached(), bytes, truncated);
        boolean accepted = worker.settings()
                .handlers()
                .submit(
                        route.handler(),
                        asked,
                        stream,
                        response -> worker.loop().execute(() -> guarded(() -> respond(response))));
        if (!accepted) {
            worker.settings().explanations().tell(503, Ending.HANDLERS_BUSY, request, null, "");
            ends(Ending.HANDLERS_BUSY);
            finish(FailureResponses.of(Ending.HANDLERS_BUSY));
        }
    }

    private void respond(LocalResponse response) {
        if (over || request.toHead() || worker.isStopping() || !stream.begun()) {
            finish(response);
        } else {
            beginStream(response);
        }
    }

    private void finish(LocalResponse response) {
        stream.gone();
        if (!over) {
            over = true;
            answer(response, !truncated);
        }
    }

    private void beginStream(LocalResponse response) {
        over = true;
        streaming = true;
        keep = !truncated && !request.isHttp10() && mayKeepClient();
        streamedStatus = response.status();
        ByteSink out = worker.sink();
        out.clear();
        worker.responses().putStreamedHead(response, request, keep, out);
        putPiece(response.body(), out);
        send(out);
        client.settleEnd();
    }

    /** Sends a piece that the stream has taken. */
    void sendPiece(byte[] piece) {
        if (streaming) {
            ByteSink out = worker.sink();
            out.clear();
            putPiece(piece, out);
            send(out);
        }
    }

    private void putPiece(byte[] piece, ByteSink out) {
        streamed += piece.length;
        answered(streamedStatus, streamed);
        if (request.isHttp10()) {
            out.put(piece);
        } else {
            ChunkEncoder.putChunk(out, piece, 0, piece.length);
        }
    }

    private void send(ByteSink out) {
        if (client.write(out) && !client.hasUnsent()) {
            stream.taken();
        }
    }

    /** The maker has ended the stream, or the proxy stops. */
    void endStream() {
        if (streaming) {
            streaming = false;
            stream.gone();
            ByteSink out = worker.sink();
            out.clear();
            if (!request.isHttp10()) {
                ChunkEncoder.putLastChunk(out);
            }
            if (client.write(out)) {
                client.session().exchangeDone(keep);
            }
        }
    }

    @Override
    void clientDrained() {
        if (streaming) {
            stream.taken();
        }
    }

    @Override
    boolean endsWithClient() {
        return streaming;
    }

    @Override
    void stopping() {
        endStream();
    }

    @Override
    boolean awaitsClient() {
        return !handed && !over;
    }

    @Override
    void deadlineOver() {
        if (streaming) {
            ends(Ending.REQUEST_TIMEOUT);
            client.cut();
        } else if (handed) {
            ends(Ending.REQUEST_TIMEOUT);
            finish(FailureResponses.of(Ending.REQUEST_TIMEOUT));
        } else {
            over = true;
            ends(Ending.CLIENT_TOO_SLOW);
            answer(FailureResponses.of(Ending.CLIENT_TOO_SLOW), false);
        }
    }

    @Override
    long buffered() {
        return collected.size();
    }

    @Override
    void abandon() {
        over = true;
        streaming = false;
        stream.gone();
    }

    @Override
    boolean hasAnswered() {
        return over;
    }
}
