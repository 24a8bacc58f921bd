package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.body.BodySink;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.upstream.ProxiedClient;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Head;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange: the body of the request, and the response. An HTTP/1.1 connection is one stream
 * after the other. Confined to its loop.
 *
 * <p>The response is put part by part: one of the head methods, then {@link #data}, then {@link #end}. The parts are
 * sent by {@link #flush}, and nothing of a response is sent before. The stream adds the fields that are its own
 * business: the framing, the state of the connection, the date and the id of the request.
 *
 * <p>The stream watches the deadlines for what the client has to do: to send the body and to read the response.
 */
public interface ClientStream extends BodySink {
    /**
     * Passes on the bytes of the request's body that have come, and the end of the body once it has come. Does nothing
     * where no bytes are at hand: the stream calls {@link Exchange#bodyAvailable} when there are.
     *
     * @throws BadMessageException if the body breaks a rule or a limit
     */
    void readBody(BodySink to) throws BadMessageException;

    /** Returns the number of received bytes that were not read, framing included. */
    int availableBytes();

    /** Returns whether the whole body of the request was read. A request without a body is complete. */
    boolean isBodyComplete();

    /** Returns the trailer fields of a complete body; null if there are none. */
    @Nullable
    Head trailers();

    /** Stops or resumes reading from the client. It stops while the server does not accept the body. */
    void listen(boolean on);

    /** Resumes reading after the current event, and offers the bytes at hand to the exchange. */
    void resume();

    /** Requests the body with an interim response 100, unless the client does not wait for it or has received it. */
    void sendContinue();

    /** Sends an interim response of a server, unless the client cannot receive it. */
    void sendInterim(Head head);

    /**
     * Puts the head of a server's response.
     *
     * @param head the head as it came; valid for this call only
     * @param framing the framing of the body as it came
     */
    void putHead(Head head, long framing);

    /**
     * Puts the head of a server's response 101. {@link #startTunnel} must follow, after a flush.
     *
     * @param head the head as it came; valid for this call only
     */
    void putSwitch(Head head);

    /**
     * Begins the tunnel after a response 101. From now on, {@link #readBody} and {@link #data} pass bytes unchanged,
     * and the end of the client's direction is reported by {@link Exchange#clientEnded}.
     */
    void startTunnel();

    /** Ends the direction of a tunnel to the client, which is informed that no bytes follow. */
    void endOutput();

    /** Puts the head of a response of the proxy's own whose body follows as data. */
    void putHead(LocalResponse response);

    /** Puts a complete response of the proxy's own. Returns the length of the body that was put. */
    long putResponse(LocalResponse response);

    @Override
    void data(byte[] bytes, int from, int to);

    @Override
    void end(@Nullable Head trailers);

    /** Sends the parts that were put. Returns false if the client is gone; then the exchange has ended. */
    boolean flush();

    /** Drops the parts that were put and not sent. */
    void discard();

    /** Excludes that the client's connection is used for further requests. Must be called before a head is put. */
    void closeAfterResponse();

    /** Ends the exchange after a complete response. */
    void done();

    /** Ends the exchange and its connection so that the client sees that the response is incomplete. */
    void reset();

    /** Returns whether the client has not taken everything that was sent. */
    boolean isBlocked();

    /** Returns whether reading waits for room in the buffers. */
    boolean isPaused();

    /** Returns whether the client is gone. */
    boolean isClosed();

    /** Returns whether the proxy stops. */
    boolean isStopping();

    /** Returns the client as servers learn it from a PROXY header; null if they do not. */
    @Nullable
    ProxiedClient proxied();

    /** Returns a timer that goes with the client's connection. */
    Timer timer(Runnable action);
}
