package io.github.lbkit.http.internal.loop;

import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.http.internal.transport.Transport;
import io.github.lbkit.http.internal.transport.UnconnectedTransport;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection on one loop: its transport, the input that was not consumed, the output that was not written, and the
 * operations that it waits for. An idle connection holds no buffer. Confined to its loop.
 *
 * <p>Output is written at once. Only the bytes that the transport does not accept are kept.
 */
public abstract class Connection implements ChannelHandler, PausedReader, Transport.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final EventLoop loop;
    private Transport transport;
    private @Nullable SelectionKey key;

    /** The operations that the connection waits for. */
    private int wanted;

    /** The operations that the selector watches; -1 before the first. */
    private int selected = -1;

    /** Input that was not consumed. */
    private byte @Nullable [] leftover;

    /** Output that the transport did not accept; null if there is none. */
    private @Nullable WriteQueue queue;

    /** True if output is in {@link #queue} or in the transport. */
    private boolean unsent;

    private long written;

    /** The bytes of this connection that the gauge of the loop includes. */
    private long counted;

    /** True if reading waits for room in the buffers. */
    private boolean paused;

    /** True if the peer has ended its side. A selector would report the end again and again. */
    private boolean inputEnded;

    private boolean inputTruncated;
    private boolean writeFailed;
    private boolean workDeferred;
    private boolean closed;
    private boolean closedWithUnsent;

    /** Creates a connection without a socket, for {@link #take}. */
    protected Connection(EventLoop loop) {
        this(loop, UnconnectedTransport.INSTANCE);
    }

    /** Creates a connection over this transport. The loop watches the transport from {@link #watch} on. */
    protected Connection(EventLoop loop, Transport transport) {
        this.loop = loop;
        this.transport = transport;
    }

    /**
     * Handles new input.
     *
     * @param input the bytes left over and the bytes just read
     * @param ended whether the peer has ended its side
     */
    protected abstract void received(Input input, boolean ended);

    /** Handles that everything given to {@link #send} is written, after a time in which it was not. */
    protected abstract void drained();

    /** Handles that some of the output that was kept is written. */
    protected abstract void outputProgressed();

    /** Handles a failure of the connection, or of the code that handles its events. */
    protected abstract void failed(Throwable cause);

    /** Returns the number of bytes held for this connection by other objects; 0 unless overridden. */
    protected long heldElsewhere() {
        return 0;
    }

    /**
     * Returns whether the connection is read although the buffers are full, because its input is refused or dropped;
     * false unless overridden. A connection that holds bytes is not read in any case.
     */
    protected boolean readsWhenFull() {
        return false;
    }

    /** Handles that reading is paused for want of room in the buffers, or goes on. Does nothing unless overridden. */
    protected void readingPaused(boolean now) {}

    /** Handles the end of the connection. Called once, whatever ended the connection. */
    protected abstract void ended();

    /** Returns the loop of the connection. */
    public final EventLoop loop() {
        return loop;
    }

    /** Returns whether the connection has ended. */
    public final boolean isClosed() {
        return closed;
    }

    /** Returns the number of bytes written since the connection was made. */
    public final long written() {
        return written;
    }

    /** Returns whether output waits to be written. */
    public final boolean hasUnsent() {
        return unsent;
    }

    /** Returns whether output waits to be written, or waited when the connection ended. */
    public final boolean leavesUnsent() {
        return unsent || closedWithUnsent;
    }

    /** Returns whether a write has failed. Then the end of the peer's side is the end of the connection. */
    protected final boolean hasWriteFailed() {
        return writeFailed;
    }

    /** Returns whether the peer has ended its side: no input follows. */
    public final boolean isInputEnded() {
        return inputEnded;
    }

    /** Returns whether the input has ended without the orderly end of its transport ({@link Transport#TRUNCATED}). */
    protected final boolean isInputTruncated() {
        return inputTruncated;
    }

    /** Returns the number of input bytes that were not consumed. */
    public final int leftoverSize() {
        return leftover == null ? 0 : leftover.length;
    }

    /** Returns whether reading waits for room in the buffers. */
    public final boolean isPaused() {
        return paused;
    }

    /** Updates the gauge of the loop with the bytes that the connection holds now. */
    public final void count() {
        long held = closed ? 0 : leftoverSize() + unsentSize() + transport.heldInputBytes() + heldElsewhere();
        if (held != counted) {
            loop.gauge().add(held - counted);
            counted = held;
        }
    }

    private int unsentSize() {
        return unsent ? transport.unflushedBytes() + (queue == null ? 0 : queue.size()) : 0;
    }

    @Override
    public final void resumeReading() {
        if (paused && !closed) {
            paused = false;
            select();
            guard(() -> readingPaused(false));
            if (transport.hasPendingInput()) {
                loop.defer(this::transportResumed);
            }
        }
    }

    /** Begins to watch the transport for input. */
    protected final void watch() throws IOException {
        wanted = SelectionKey.OP_READ;
        transport.listen(this);
        selected = transport.operationsFor(wanted);
        key = loop.register(transport.channel(), selected, this);
        if (transport.hasPendingInput()) {
            loop.defer(this::transportResumed);
        }
    }

    /** Returns the transport; one that is not connected before {@link #take}. */
    public final Transport transport() {
        return transport;
    }

    /** Takes over the transport of a connected attempt, and begins to watch it for input. */
    protected final void take(ConnectAttempt connected) {
        wanted = SelectionKey.OP_READ;
        transport = connected.transport();
        transport.listen(this);
        try {
            selected = transport.operationsFor(wanted);
            key = connected.handOver(this, selected);
        } catch (CancelledKeyException e) {
            loop.defer(() -> failed(e));
        }
        if (transport.hasPendingInput()) {
            loop.defer(this::transportResumed);
        }
    }

    /** Stops or resumes reading. */
    protected final void wantInput(boolean on) {
        boolean before = wantsInput();
        want(SelectionKey.OP_READ, on && !inputEnded);
        if (!before && wantsInput() && transport.hasPendingInput()) {
            loop.defer(this::transportResumed);
        }
    }

    private boolean wantsInput() {
        return (wanted & SelectionKey.OP_READ) != 0;
    }

    /**
     * Writes as many bytes as the transport accepts now, and keeps the others.
     *
     * @return false if the connection is broken; {@link #failed} is not called then
     */
    public final boolean send(byte[] bytes, int from, int to) {
        if (closed) {
            return false;
        }
        WriteQueue waiting = queue;
        if (waiting != null) {
            waiting.add(bytes, from, to);
            count();
            return true;
        }
        try {
            int accepted = transport.write(bytes, from, to);
            written += accepted;
            if (from + accepted < to) {
                queue = new WriteQueue(bytes, from + accepted, to);
            }
            updateUnsent();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sets {@link #unsent}, and waits for the channel to become writable while there is unsent output. */
    private void updateUnsent() {
        unsent = queue != null || transport.unflushedBytes() > 0;
        if (unsent) {
            count();
            want(SelectionKey.OP_WRITE, true);
        }
    }

    /** Calls {@link #received} with the bytes left over; does nothing if there are none. */
    protected final void receiveLeftover() {
        if (!closed && leftover != null) {
            Input input = loop.input();
            input.load(leftover);
            leftover = null;
            received(input, false);
            leftover = closed ? null : input.leftover();
            count();
        }
    }

    /** Calls {@link #receiveLeftover} after the current event. */
    protected final void deferReceiveLeftover() {
        if (!workDeferred) {
            workDeferred = true;
            loop.defer(() -> {
                workDeferred = false;
                guard(this::receiveLeftover);
            });
        }
    }

    /** Returns a timer of this connection. The connection is closed if the action throws. */
    protected final Timer timer(Runnable action) {
        return new Timer(() -> guard(action));
    }

    /** Runs an action. The connection is closed if the action throws. */
    protected final void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            crashed(e);
            LOG.error("an event of a connection failed; the connection is closed", ThrownText.printable(e));
        }
    }

    /** Ends the output: the peer is informed that no bytes follow. */
    protected final void shutdownOutput() {
        transport.shutdownOutput();
        if (!closed && transport.unflushedBytes() > 0) {
            updateUnsent();
        }
    }

    /** Closes the connection. Later calls do nothing. */
    public final void close() {
        if (!closed) {
            transport.close();
            release();
        }
    }

    /** Closes the connection so that the peer sees a reset. Later calls do nothing. */
    public final void reset() {
        if (!closed) {
            transport.reset();
            release();
        }
    }

    @Override
    public final void transportResumed() {
        guard(() -> ready(SelectionKey.OP_WRITE | SelectionKey.OP_READ));
    }

    @Override
    public final void operationsChanged() {
        select();
    }

    @Override
    public boolean hasPriority() {
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
            if ((operations & SelectionKey.OP_READ) != 0 && !closed && wantsInput()) {
                read();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public final void crashed(Throwable cause) {
        if (!closed) {
            try {
                failed(cause);
            } finally {
                close();
            }
        }
    }

    private void read() throws IOException {
        if (!loop.hasRoomFor(counted > 0) && (counted > 0 || !readsWhenFull())) {
            paused = true;
            loop.pause(this);
            select();
            readingPaused(true);
            return;
        }
        Input input = loop.input();
        input.load(leftover);
        int read = input.readFrom(transport);
        if (read == 0) {
            count(); // the transport may hold a part of a record
            return;
        }
        leftover = null;
        if (read < 0) {
            inputEnded = true;
            inputTruncated = read == Transport.TRUNCATED;
            want(SelectionKey.OP_READ, false);
        }
        received(input, read < 0);
        leftover = closed ? null : input.leftover();
        count();
        if (!closed && wantsInput() && transport.hasPendingInput()) {
            loop.defer(this::transportResumed);
        }
    }

    private void flush() throws IOException {
        WriteQueue waiting = queue;
        int sent;
        try {
            transport.flush();
            sent = waiting == null ? 0 : waiting.writeTo(transport);
        } catch (IOException e) {
            failedToWrite(e);
            return;
        }
        if (!unsent) {
            return;
        }
        written += sent;
        if (waiting != null && waiting.isEmpty()) {
            queue = null;
        }
        unsent = queue != null || transport.unflushedBytes() > 0;
        count();
        if (!unsent) {
            want(SelectionKey.OP_WRITE, false);
            drained();
        } else if (sent > 0) {
            outputProgressed();
        }
    }

    /** Drops the output, but still reads: the peer may have sent input before it stopped reading. */
    private void failedToWrite(IOException cause) throws IOException {
        if (!wantsInput() || paused) {
            throw cause;
        }
        writeFailed = true;
        queue = null;
        unsent = false;
        count();
        want(SelectionKey.OP_WRITE, false);
    }

    private void want(int operation, boolean on) {
        int next = on ? wanted | operation : wanted & ~operation;
        if (next != wanted) {
            wanted = next;
            select();
        }
    }

    private void select() {
        SelectionKey watched = key;
        if (watched == null || closed) {
            return;
        }
        int operations = transport.operationsFor(paused ? wanted & ~SelectionKey.OP_READ : wanted);
        if (operations != selected) {
            selected = operations;
            try {
                watched.interestOps(operations);
            } catch (CancelledKeyException e) {
                loop.defer(() -> failed(e));
            }
        }
    }

    private void release() {
        closed = true;
        leftover = null;
        closedWithUnsent = unsent;
        queue = null;
        unsent = false;
        count();
        ended();
    }
}
