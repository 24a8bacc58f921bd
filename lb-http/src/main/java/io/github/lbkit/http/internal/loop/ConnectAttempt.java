package io.github.lbkit.http.internal.loop;

import io.github.lbkit.http.internal.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect a transport to one address. After a success, a connection takes the transport over. A failed
 * or cancelled attempt closes the transport. Confined to its loop.
 */
public final class ConnectAttempt implements ChannelHandler, Transport.Listener {
    private final EventLoop loop;
    private final Transport transport;
    private final Outcome outcome;
    private @Nullable SelectionKey key;
    private boolean ended;
    private boolean taken;
    private boolean handshakeReported;

    /**
     * The receiver of the result, called on the loop. {@link #connected} or {@link #failed} is called, once, unless the
     * attempt is cancelled.
     */
    public interface Outcome {
        /** Handles that TCP is connected, and that a handshake of the transport has begun. Called once at most. */
        void handshakeBegan(ConnectAttempt attempt);

        /** Handles a success. The receiver gives the attempt to {@link Connection#take} or cancels it. */
        void connected(ConnectAttempt attempt);

        /** Handles a failure. The transport is closed. */
        void failed(ConnectAttempt attempt, Throwable cause);
    }

    /** Creates an attempt that has not begun and that owns this transport. */
    public ConnectAttempt(EventLoop loop, Transport transport, Outcome outcome) {
        this.loop = loop;
        this.transport = transport;
        this.outcome = outcome;
    }

    /** Begins to connect. The result is reported after this call has returned. */
    public void begin(SocketAddress address) {
        transport.listen(this);
        try {
            boolean done = transport.connect(address);
            int operations = done ? 0 : transport.operationsFor(SelectionKey.OP_CONNECT);
            key = loop.register(transport.channel(), operations, this);
            if (done) {
                loop.defer(this::succeed);
            } else if (transport.isInHandshake()) {
                loop.defer(this::reportHandshake);
            }
        } catch (IOException | RuntimeException e) {
            loop.defer(() -> fail(e));
        }
    }

    /** Closes the transport, unless a connection has taken it over. No result follows. */
    public void cancel() {
        ended = true;
        if (!taken) {
            transport.close();
        }
    }

    /** Gives the transport to a connection, which handles its events from now on. */
    SelectionKey handOver(ChannelHandler handler, int operations) {
        SelectionKey registered = key;
        if (registered == null) {
            throw new IllegalStateException("an attempt that has not begun has no registered channel");
        }
        taken = true;
        registered.attach(handler);
        registered.interestOps(operations);
        return registered;
    }

    Transport transport() {
        return transport;
    }

    @Override
    public void ready(int operations) {
        try {
            if (ended) {
                return;
            }
            if (transport.finishConnect()) {
                succeed();
            } else if (transport.isInHandshake()) {
                reportHandshake();
            }
        } catch (IOException | CancelledKeyException e) {
            fail(e);
        }
    }

    @Override
    public void transportResumed() {
        ready(0);
    }

    @Override
    public void operationsChanged() {
        SelectionKey registered = key;
        if (!ended && registered != null) {
            registered.interestOps(transport.operationsFor(SelectionKey.OP_CONNECT));
        }
    }

    @Override
    public void crashed(Throwable cause) {
        fail(cause);
    }

    private void reportHandshake() {
        if (!handshakeReported && !ended) {
            handshakeReported = true;
            outcome.handshakeBegan(this);
        }
    }

    private void succeed() {
        if (!ended) {
            ended = true;
            outcome.connected(this);
        }
    }

    private void fail(Throwable cause) {
        if (!ended) {
            ended = true;
            transport.close();
            outcome.failed(this, cause);
        }
    }
}
