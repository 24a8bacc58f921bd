package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.BodyStream;
import io.github.lbkit.http.internal.loop.EventLoop;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A body on its way from the threads that make it to the loop that sends it: one piece at a time. Thread-safe, but for
 * {@link #begun}, {@link #taken} and {@link #gone}, which are the loop's.
 */
final class LocalStream implements BodyStream {
    private final EventLoop loop;
    private final LocalExchange exchange;

    /** Makers take FREE to BUSY and anything to ENDED; the loop gives BUSY back to FREE. */
    private final AtomicReference<State> state = new AtomicReference<>(State.BEFORE_HEAD);

    private enum State {
        /** The head is not out. */
        BEFORE_HEAD,
        /** The client has taken all there was. */
        FREE,
        /** A piece is on its way. */
        BUSY,
        /** Nothing more goes out. */
        ENDED
    }

    LocalStream(EventLoop loop, LocalExchange exchange) {
        this.loop = loop;
        this.exchange = exchange;
    }

    @Override
    public boolean offer(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a piece without bytes says nothing");
        }
        if (!state.compareAndSet(State.FREE, State.BUSY)) {
            return false;
        }
        loop.execute(() -> exchange.sendPiece(bytes));
        return true;
    }

    @Override
    public void end() {
        State before = state.getAndSet(State.ENDED);
        if (before == State.FREE || before == State.BUSY) {
            loop.execute(exchange::endStream);
        }
    }

    @Override
    public boolean isOpen() {
        return state.get() != State.ENDED;
    }

    /** The head, and what came with it, is on its way; false if the body has ended before. */
    boolean begun() {
        return state.compareAndSet(State.BEFORE_HEAD, State.BUSY);
    }

    /** The client has taken all there was. */
    void taken() {
        state.compareAndSet(State.BUSY, State.FREE);
    }

    /** Nobody is there to send anything to. */
    void gone() {
        state.set(State.ENDED);
    }
}
