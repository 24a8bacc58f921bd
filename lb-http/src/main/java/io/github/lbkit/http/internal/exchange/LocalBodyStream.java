package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.BodyStream;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A streamed body on its way from the threads of a handler to the loop, one piece at a time. Thread-safe, except for
 * {@link #begin}, {@link #drained} and {@link #close}, which are confined to the loop.
 */
final class LocalBodyStream implements BodyStream {
    private final Executor loop;
    private final Output output;

    /** The state. Handlers change FREE to BUSY, and any state to ENDED. The loop changes BUSY to FREE. */
    private final AtomicReference<State> state = new AtomicReference<>(State.BEFORE_HEAD);

    private enum State {
        /** The head was not sent. */
        BEFORE_HEAD,
        /** The client has taken everything that was sent. */
        FREE,
        /** The client has not taken everything that was sent. */
        BUSY,
        /** Nothing more is sent. */
        ENDED
    }

    /** The receiver of the pieces. Called on the loop. */
    interface Output {
        /** Sends a piece of the body. */
        void send(byte[] bytes);

        /** Ends the body. */
        void endStream();
    }

    LocalBodyStream(Executor loop, Output output) {
        this.loop = loop;
        this.output = output;
    }

    @Override
    public boolean offer(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("bytes is empty; at least 1 byte is required");
        }
        if (!state.compareAndSet(State.FREE, State.BUSY)) {
            return false;
        }
        loop.execute(() -> output.send(bytes));
        return true;
    }

    @Override
    public void end() {
        State before = state.getAndSet(State.ENDED);
        if (before == State.FREE || before == State.BUSY) {
            loop.execute(output::endStream);
        }
    }

    @Override
    public boolean isOpen() {
        return state.get() != State.ENDED;
    }

    /** Notes that the head is sent. Returns false if the handler has ended the body before. */
    boolean begin() {
        return state.compareAndSet(State.BEFORE_HEAD, State.BUSY);
    }

    /** Notes that the client has taken everything that was sent. */
    void drained() {
        state.compareAndSet(State.BUSY, State.FREE);
    }

    /** Refuses all further pieces. */
    void close() {
        state.set(State.ENDED);
    }
}
