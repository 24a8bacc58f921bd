package io.github.lbkit.http.internal.loop;

import io.github.lbkit.api.internal.ThrownText;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket on one loop: what it had left to work with, what it could not write yet, and what it waits for. An idle one
 * holds no buffer. Confined to its loop.
 *
 * <p>Writing is tried at once; only what the socket does not take is kept, and waited for.
 */
public abstract class Connection implements KeyHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final EventLoop loop;
    private Transport transport;
    private @Nullable SelectionKey key;
    private int interest;

    /** Bytes that came and were not taken. */
    private byte @Nullable [] left;

    /** Bytes that are to be written when the socket takes more; null if none are. */
    private @Nullable Unsent unsent;

    private long written;

    /** What stands in the loop's gauge for this connection. */
    private long counted;

    /** Whether reading waits for room in the buffers. */
    private boolean paused;

    /** Whether the peer has ended its side: a selector would report the end again and again. */
    private boolean inputEnded;

    private boolean writeFailed;

    private boolean againDeferred;
    private boolean closed;
    private boolean leftUnsent;

    /** Creates a connection without a socket, for {@link #take}. */
    protected Connection(EventLoop loop) {
        this(loop, Unconnected.INSTANCE);
    }

    /** A connection over this transport that the loop does not watch yet. */
    protected Connection(EventLoop loop, Transport transport) {
        this.loop = loop;
        this.transport = transport;
    }

    /**
     * Something new has come.
     *
     * @param input what was left, and what has come
     * @param ended whether the peer ended its side
     */
    protected abstract void received(Input input, boolean ended);

    /** Everything given to {@link #send} is written. */
    protected abstract void drained();

    /** Some of what was kept by {@link #send} is written. */
    protected abstract void progressed();

    /** The connection broke, or its handling did. */
    protected abstract void broken(Throwable cause);

    /** Returns how many bytes are held on behalf of this connection besides its own; 0 unless overridden. */
    protected long heldElsewhere() {
        return 0;
    }

    /**
     * Returns whether the connection is read from while it holds nothing, however full the buffers are, because what comes
     * is refused or dropped; false unless overridden.
     */
    protected boolean readsAnyway() {
        return false;
    }

    /** Reading has been paused for want of room in the buffers, or goes on. Does nothing unless overridden. */
    protected void readingPaused(boolean now) {}

    /** Called once, when the connection ends for whatever reason. */
    protected abstract void ended();

    /** The loop it lives on. */
    public final EventLoop loop() {
        return loop;
    }

    /** Whether it has ended. */
    public final boolean isClosed() {
        return closed;
    }

    /** How many bytes were written in all. */
    public final long written() {
        return written;
    }

    /** Whether bytes wait to be written. */
    public final boolean hasUnsent() {
        return unsent != null;
    }

    /** Returns whether bytes wait to be written, or waited when the connection ended. */
    public final boolean leavesUnsent() {
        return unsent != null || leftUnsent;
    }

    /** Returns whether writing has failed: then an end of the peer's side is the end of the connection. */
    protected final boolean hasWriteFailed() {
        return writeFailed;
    }

    /** Returns whether the peer has ended its side: nothing more will come. */
    public final boolean isInputEnded() {
        return inputEnded;
    }

    /** How many bytes stand here that came and were not taken. */
    public final int leftSize() {
        return left == null ? 0 : left.length;
    }

    /** Returns whether reading waits for room in the buffers. */
    public final boolean isPaused() {
        return paused;
    }

    /** Counts what the connection holds now. */
    public final void count() {
        long held = closed ? 0 : leftSize() + (unsent == null ? 0 : unsent.size()) + heldElsewhere();
        if (held != counted) {
            loop.buffers().add(held - counted);
            counted = held;
        }
    }

    /** There is room in the buffers again. */
    final void resumeReading() {
        if (paused && !closed) {
            paused = false;
            apply();
            guard(() -> readingPaused(false));
        }
    }

    /** Begins to be watched for what comes. */
    protected final void watch() throws IOException {
        interest = SelectionKey.OP_READ;
        key = loop.register(transport.channel(), interest, this);
    }

    /** Takes the socket of a connected attempt over and begins to read. */
    protected final void take(ConnectAttempt connected) {
        interest = SelectionKey.OP_READ;
        transport = connected.transport();
        try {
            key = connected.handOver(this, interest);
        } catch (CancelledKeyException e) {
            loop.defer(() -> broken(e));
        }
    }

    /** Whether to be told what comes. */
    protected final void wantInput(boolean wanted) {
        want(SelectionKey.OP_READ, wanted && !inputEnded);
    }

    /**
     * Writes as much as goes now and keeps the rest.
     *
     * @return false if the connection is broken: nobody else tells
     */
    public final boolean send(byte[] bytes, int from, int to) {
        if (closed) {
            return false;
        }
        Unsent waiting = unsent;
        if (waiting != null) {
            waiting.add(bytes, from, to);
            count();
            return true;
        }
        try {
            int sent = Unsent.write(transport, loop.output(), bytes, from, to);
            written += sent;
            if (from + sent < to) {
                unsent = new Unsent(bytes, from + sent, to);
                count();
                want(SelectionKey.OP_WRITE, true);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Works on what was left, as if it had just come; nothing happens if nothing was. */
    protected final void again() {
        if (!closed && left != null) {
            Input input = loop.input();
            input.load(left);
            left = null;
            received(input, false);
            left = closed ? null : input.rest();
            count();
        }
    }

    /** Runs {@link #again} after the event that is being handled. */
    protected final void deferAgain() {
        if (!againDeferred) {
            againDeferred = true;
            loop.defer(() -> {
                againDeferred = false;
                guard(this::again);
            });
        }
    }

    /** A timer of this connection: it is closed if the action throws. */
    protected final Timer timer(Runnable action) {
        return new Timer(() -> guard(action));
    }

    /** Runs this; closes the connection if it throws. */
    protected final void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            crashed(e);
            LOG.error("an event of a connection failed; the connection is closed", ThrownText.printable(e));
        }
    }

    /** Tells the peer that nothing more will come. */
    protected final void shutdownOutput() {
        transport.shutdownOutput();
    }

    /** Ends the connection. Again: nothing happens. */
    public final void close() {
        if (!closed) {
            transport.close();
            release();
        }
    }

    /** Ends the connection so that the peer sees a fault. Again: nothing happens. */
    public final void reset() {
        if (!closed) {
            transport.reset();
            release();
        }
    }

    @Override
    public boolean comesFirst() {
        return false;
    }

    @Override
    public final void ready(int operations) {
        if (closed) {
            return;
        }
        try {
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                flush();
            }
            if ((operations & SelectionKey.OP_READ) != 0 && !closed && (interest & SelectionKey.OP_READ) != 0) {
                read();
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    @Override
    public final void crashed(Throwable cause) {
        if (!closed) {
            try {
                broken(cause);
            } finally {
                close();
            }
        }
    }

    private void read() throws IOException {
        if (!loop.hasRoomFor(counted > 0) && (counted > 0 || !readsAnyway())) {
            paused = true;
            loop.pause(this);
            apply();
            readingPaused(true);
            return;
        }
        Input input = loop.input();
        input.load(left);
        int read = input.fill(transport);
        if (read != 0) {
            left = null;
            if (read < 0) {
                inputEnded = true;
                want(SelectionKey.OP_READ, false);
            }
            received(input, read < 0);
            left = closed ? null : input.rest();
            count();
        }
    }

    private void flush() throws IOException {
        Unsent waiting = unsent;
        int sent;
        try {
            sent = waiting == null ? 0 : waiting.flush(transport, loop.output());
        } catch (IOException e) {
            if ((interest & SelectionKey.OP_READ) == 0 || paused) {
                throw e;
            }
            writeFailed = true;
            unsent = null; // what the peer said before it stopped to listen can still be read, and then the fault
            count();
            want(SelectionKey.OP_WRITE, false);
            return;
        }
        written += sent;
        if (waiting == null || waiting.isEmpty()) {
            unsent = null;
            count();
            want(SelectionKey.OP_WRITE, false);
            drained();
        } else if (sent > 0) {
            count();
            progressed();
        }
    }

    private void want(int operation, boolean wanted) {
        int next = wanted ? interest | operation : interest & ~operation;
        if (next != interest) {
            interest = next;
            apply();
        }
    }

    private void apply() {
        SelectionKey watched = key;
        if (watched != null && !closed) {
            try {
                watched.interestOps(paused ? interest & ~SelectionKey.OP_READ : interest);
            } catch (CancelledKeyException e) {
                loop.defer(() -> broken(e));
            }
        }
    }

    private void release() {
        closed = true;
        left = null;
        leftUnsent = unsent != null;
        unsent = null;
        count();
        ended();
    }
}
