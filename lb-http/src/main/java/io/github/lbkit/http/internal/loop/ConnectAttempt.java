package io.github.lbkit.http.internal.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect a socket to one address. A connection takes the socket over after a success; a failed or cancelled
 * attempt closes its socket. Confined to its loop.
 */
public final class ConnectAttempt implements KeyHandler {
    private final EventLoop loop;
    private final Transport transport;
    private final Outcome outcome;
    private @Nullable SelectionKey key;
    private boolean ended;
    private boolean taken;

    /** The receiver of the result. Exactly one of the methods is called, on the loop, unless the attempt is cancelled. */
    public interface Outcome {
        /** The socket is connected; the receiver gives the attempt to {@link Connection#take} or cancels it. */
        void connected(ConnectAttempt attempt);

        /** The socket could not be connected and is closed. */
        void failed(ConnectAttempt attempt, Throwable cause);
    }

    /** Creates an attempt that has not begun, over a transport that the attempt owns from now on. */
    public ConnectAttempt(EventLoop loop, Transport transport, Outcome outcome) {
        this.loop = loop;
        this.transport = transport;
        this.outcome = outcome;
    }

    /** Begins to connect. The result comes later, never within this call. */
    public void begin(SocketAddress address) {
        try {
            boolean done = transport.connect(address);
            key = loop.register(transport.channel(), done ? 0 : SelectionKey.OP_CONNECT, this);
            if (done) {
                loop.defer(this::succeed);
            }
        } catch (IOException | RuntimeException e) {
            loop.defer(() -> fail(e));
        }
    }

    /** Closes the socket, unless a connection has taken the socket over. No result follows. */
    public void cancel() {
        ended = true;
        if (!taken) {
            transport.close();
        }
    }

    /** Gives the socket to a connection, whose events follow. */
    SelectionKey handOver(KeyHandler to, int interest) {
        SelectionKey registered = key;
        if (registered == null) {
            throw new IllegalStateException("an attempt that has not begun has no socket to give");
        }
        taken = true;
        registered.attach(to);
        registered.interestOps(interest);
        return registered;
    }

    Transport transport() {
        return transport;
    }

    @Override
    public void ready(int operations) {
        try {
            if (!ended && transport.finishConnect()) {
                succeed();
            }
        } catch (IOException | CancelledKeyException e) {
            fail(e);
        }
    }

    @Override
    public void crashed(Throwable cause) {
        fail(cause);
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
