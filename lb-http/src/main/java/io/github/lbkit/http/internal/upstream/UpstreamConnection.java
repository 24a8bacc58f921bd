package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.http.internal.loop.ConnectAttempt;
import io.github.lbkit.http.internal.loop.Connection;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.transport.TlsFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one instance: being made, in use by one exchange, or unused. An unused connection is closed as soon
 * as the server closes it or sends anything. Confined to its loop.
 */
public final class UpstreamConnection extends Connection implements ConnectRace.Outcome {
    private final InstanceConnections owner;
    private final UpstreamOptions options;
    private final Timer timer = timer(this::timedOut);
    private final ConnectRace race;
    private final long connectDeadline;

    /** The client whose addresses the connection reports, the only one that may use it; null if it reports none. */
    private final @Nullable ProxiedClient client;

    /** The current user; null while the connection is unused. */
    private @Nullable UpstreamListener user;

    private boolean connected;
    private boolean used;

    /** The bytes written for earlier users. */
    private long writtenBefore;

    /** The timeout that was set last, in nanoseconds. */
    private long timeoutNanos;

    private ServerKeepAlive keepAlive = ServerKeepAlive.UNKNOWN;
    private long unusedSince;

    /** True if the timeout is set again when reading goes on. */
    private boolean timeoutPaused;

    /** True if TCP is connected, and the TLS handshake has begun. */
    private boolean inHandshake;

    /** True if the server has sent a byte. */
    private boolean answered;

    /** Details about the failure of the connection; empty if there are none. */
    private String faultDetail = "";

    UpstreamConnection(
            EventLoop loop,
            ServerTransports transports,
            InstanceConnections owner,
            UpstreamOptions options,
            UpstreamListener user) {
        super(loop);
        this.owner = owner;
        this.options = options;
        this.user = user;
        client = user.client();
        race = new ConnectRace(loop, transports, client == null ? null : client.header(), this, this::timer);
        connectDeadline = loop.now() + options.connectNanos();
        loop.timers().set(timer, connectDeadline);
    }

    /** Returns the host and port of the instance, for a request that names no host. */
    public String authority() {
        return owner.key().address().authority();
    }

    /** Returns details about the failure of the connection; empty if there are none. */
    public String faultDetail() {
        return faultDetail;
    }

    /** Returns whether the request can be sent. */
    public boolean isConnected() {
        return connected && !isClosed();
    }

    /** Returns whether an earlier request used the connection. Then the server may have closed it meanwhile. */
    public boolean wasUsed() {
        return used;
    }

    /** Returns whether a byte was written for the current user. */
    public boolean hasWritten() {
        return written() > writtenBefore;
    }

    /**
     * Sets the timeout, after which the connection fails. While the connection is not read for want of room in the
     * buffers, the timeout runs only if output is unsent.
     */
    public void setTimeout(long nanos) {
        timeoutNanos = nanos;
        if (isPaused() && !hasUnsent()) {
            timeoutPaused = true;
        } else {
            loop().timers().set(timer, loop().now() + nanos);
        }
    }

    /** Sets the timeout as a time of the loop's clock, in nanoseconds. */
    public void setDeadline(long deadlineNanos) {
        setTimeout(deadlineNanos - loop().now());
    }

    /** Clears the timeout. */
    public void clearTimeout() {
        timeoutPaused = false;
        loop().timers().stop(timer);
    }

    /** Stops or resumes reading. */
    public void listen(boolean on) {
        wantInput(on);
    }

    /** Returns the client whose addresses the connection reports; null if it reports none. */
    @Nullable
    ProxiedClient client() {
        return client;
    }

    /** Returns whether the connection is one of these. */
    boolean isOwnedBy(InstanceConnections connections) {
        return owner == connections;
    }

    /** Returns whether the connection takes a request although the server may soon close it. */
    boolean mayTake(boolean repeatable) {
        return keepAlive.allows(loop().now() - unusedSince, repeatable);
    }

    /**
     * Ends the use of a connection that can take another request. It is kept if it is needed.
     *
     * @param keepAliveNanos the time for which the server keeps an unused connection, in nanoseconds; 0 if it is not
     *     known
     */
    public void release(long keepAliveNanos) {
        if (keepAliveNanos != keepAlive.nanos()) {
            keepAlive = keepAliveNanos == 0 ? ServerKeepAlive.UNKNOWN : new ServerKeepAlive(keepAliveNanos);
        }
        user = null;
        used = true;
        if (isClosed() || hasUnsent() || leftoverSize() > 0 || !owner.keep(this)) {
            close();
            return;
        }
        wantInput(true);
        unusedSince = loop().now();
        loop().timers().set(timer, unusedSince + keepAlive.keepFor(options.idleNanos()));
    }

    /** Ends the use of the connection, and closes it. */
    public void discard() {
        user = null;
        close();
    }

    /** Ends the use of the connection, and resets it. */
    public void cut() {
        user = null;
        reset();
    }

    /** Replaces the user, which receives the events from now on. */
    public void handOver(UpstreamListener next) {
        user = next;
    }

    /** Ends the output: the server is informed that no bytes follow. All output must be written. */
    public void endOutput() {
        shutdownOutput();
    }

    /** Returns whether a write has failed, so that an end of the server's side is a reset. */
    public boolean isBroken() {
        return hasWriteFailed();
    }

    /** Begins the use of an unused connection. */
    void reuse(UpstreamListener next) {
        user = next;
        writtenBefore = written();
        loop().timers().stop(timer);
    }

    /** Connects to one of these addresses of the instance's host. */
    void open(List<InetAddress> addresses) {
        if (!isClosed()) {
            List<InetAddress> inOrder = owner.preferences().inOrder(addresses, loop().now());
            int port = owner.key().address().port();
            List<InetSocketAddress> sockets = inOrder.stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
            race.begin(sockets, owner.key().address(), connectDeadline - loop().now());
        }
    }

    /** Connects to the Unix domain socket of the instance. */
    void open(UnixDomainSocketAddress socket) {
        race.begin(List.of(socket), owner.key().address(), connectDeadline - loop().now());
    }

    /** Fails without an attempt to connect. */
    void cannotOpen(UpstreamFault fault) {
        if (!isClosed()) {
            guard(() -> fail(fault));
        }
    }

    /** Notifies the user that the instance is lost. */
    void notifyLost() {
        UpstreamListener current = user;
        if (current != null) {
            current.instanceLost();
        }
    }

    /** Notifies the user that the instance has left, and that the time for its requests in flight is over. */
    void notifyLeft() {
        UpstreamListener current = user;
        if (current != null) {
            current.instanceLeft();
        }
    }

    @Override
    public void connected(ConnectAttempt attempt, SocketAddress address) {
        UpstreamListener current = user;
        if (isClosed() || current == null) {
            attempt.cancel();
            return;
        }
        if (address instanceof InetSocketAddress inet) {
            owner.preferences().connected(inet.getAddress(), loop().now());
        }
        take(attempt);
        connected = true;
        loop().timers().stop(timer);
        guard(current::connected); // without the guard, an exception would end the attempt, but not this connection
    }

    @Override
    public void handshakeBegan() {
        if (!inHandshake && !connected && !isClosed()) {
            inHandshake = true;
            loop().timers().set(timer, loop().now() + options.handshakeNanos());
        }
    }

    @Override
    public void failed(UpstreamFault fault, String detail) {
        faultDetail = detail;
        cannotOpen(fault);
    }

    @Override
    public boolean hasPriority() {
        return true;
    }

    @Override
    protected void received(Input input, boolean ended) {
        answered |= !ended;
        UpstreamListener current = user;
        if (current == null) {
            close();
        } else if (ended) {
            current.serverClosed(isInputTruncated());
        } else {
            current.received(input);
        }
    }

    @Override
    protected void readingPaused(boolean now) {
        if (now) {
            timeoutPaused = timer.isRunning() && user != null && !hasUnsent();
            if (timeoutPaused) {
                loop().timers().stop(timer);
            }
        } else if (timeoutPaused && user != null) {
            setTimeout(timeoutNanos);
        }
    }

    @Override
    protected void drained() {
        UpstreamListener current = user;
        if (current != null) {
            current.drained();
        }
    }

    @Override
    protected void outputProgressed() {
        if (timer.isRunning()) {
            setTimeout(timeoutNanos);
        }
    }

    @Override
    protected void failed(Throwable cause) {
        UpstreamFault fault = connected ? UpstreamFault.RESET : UpstreamFault.CONNECT_FAILED;
        if (cause instanceof TlsFailure tls) {
            faultDetail = tls.reason();
            boolean refused = !answered && tls.isAlert(); // in TLS 1.3, a server refuses a client this late
            fault = refused ? UpstreamFault.TLS_FAILED : fault;
        }
        fail(cause instanceof IOException || cause instanceof CancelledKeyException ? fault : UpstreamFault.CRASHED);
    }

    @Override
    protected void ended() {
        loop().timers().remove(timer);
        race.cancel();
        if (client != null) {
            client.remove(this);
        }
        owner.closed(this);
    }

    private void timedOut() {
        if (user == null) {
            close();
        } else if (connected) {
            fail(UpstreamFault.TIMEOUT);
        } else if (inHandshake) {
            faultDetail = "it did not complete the handshake in time";
            fail(UpstreamFault.TLS_FAILED);
        } else {
            fail(UpstreamFault.CONNECT_TIMEOUT);
        }
    }

    private void fail(UpstreamFault fault) {
        UpstreamListener current = user;
        user = null;
        close();
        if (current != null) {
            current.failed(fault);
        }
    }
}
