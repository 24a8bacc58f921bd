package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.body.BodySink;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.upstream.ProxiedClient;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.upstream.UpstreamFault;
import io.github.lbkit.http.internal.upstream.UpstreamListener;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Head;
import org.jspecify.annotations.Nullable;

/**
 * The bytes between a client and a server after a response 101, in both directions. A side is not read while the other
 * side does not accept its bytes. The end of one direction is passed on after its bytes, and the other direction goes
 * on. Confined to its loop.
 */
final class Tunnel implements UpstreamListener, BodySink {
    private static final int STATUS = 101;

    private final Exchange exchange;
    private final Attempts attempts;
    private final ClientStream stream;
    private final UpstreamConnection server;
    private final EventLoop loop;
    private final TimeoutNanos timeouts;
    private final Timer idle;

    /** The number of bytes of the server. */
    private long received;

    /** True if the client has sent a byte. Then the end of the tunnel may be an answer to it. */
    private boolean clientSent;

    /** True if a write to the server has failed. Bytes that the server sent before that are still passed on. */
    private boolean writeFailed;

    private boolean clientEnded;
    private boolean serverEnded;

    /** True if the client is informed that the server has ended its direction. */
    private boolean clientInformed;

    /** True if the server is informed that the client has ended its direction. */
    private boolean serverInformed;

    private boolean over;

    /** Creates a tunnel whose end is the end of the exchange and of its current attempt. */
    Tunnel(Exchange exchange, Attempts attempts, UpstreamConnection server, EventLoop loop, TimeoutNanos timeouts) {
        this.exchange = exchange;
        this.attempts = attempts;
        this.server = server;
        this.loop = loop;
        this.timeouts = timeouts;
        stream = exchange.stream;
        idle = stream.timer(this::idleTimedOut);
    }

    /** Begins with the bytes of the server that came with the response. */
    void begin(Input in) {
        attempts.responded(STATUS, false);
        server.handOver(this);
        server.clearTimeout();
        stream.startTunnel();
        restartIdleTimer();
        toClient(in);
    }

    @Override
    public @Nullable ProxiedClient client() {
        return stream.proxied();
    }

    @Override
    public void connected() {}

    @Override
    public void received(Input in) {
        exchange.guard(() -> {
            restartIdleTimer();
            toClient(in);
        });
    }

    private void toClient(Input in) {
        if (!in.isEmpty()) {
            received += in.size();
            exchange.responded(STATUS, received);
            stream.data(in.bytes(), in.from(), in.to());
            in.clear();
            if (!stream.flush()) {
                return; // the client is gone, and the exchange has ended
            }
        }
        server.listen(!stream.isBlocked());
    }

    /** Handles that bytes of the client are at hand. */
    void bytesAvailable() throws BadMessageException {
        if (over || writeFailed || server.hasUnsent()) {
            stream.listen(false);
            return;
        }
        restartIdleTimer();
        stream.readBody(this);
        if (writeFailed && serverEnded) {
            cut(lost()); // no event of the server follows
        } else if (server.hasUnsent()) {
            stream.listen(false);
            server.setTimeout(timeouts.writeStall());
        }
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        clientSent = true;
        writeFailed |= !server.send(bytes, from, to);
    }

    @Override
    public void end(@Nullable Head trailers) {}

    /** Handles that the client has taken everything that was sent. */
    void clientDrained() {
        server.listen(true);
        passOnEnds();
    }

    @Override
    public void drained() {
        exchange.guard(() -> {
            server.clearTimeout();
            passOnEnds();
            if (!over) {
                stream.resume();
            }
        });
    }

    /** Handles that the client has ended its direction, after its last byte was read. */
    void clientEnded() {
        clientEnded = true;
        passOnEnds();
    }

    @Override
    public void serverClosed(boolean truncated) {
        exchange.guard(() -> {
            // the operating system reports a reset once: where a write has met it, the read reports an end
            if (truncated || writeFailed || server.isBroken()) {
                cut(lost());
            } else {
                serverEnded = true;
                passOnEnds();
            }
        });
    }

    /** Passes the end of a direction on, once all its bytes are written. Ends the tunnel after both ends. */
    private void passOnEnds() {
        if (over) {
            return;
        }
        restartIdleTimer();
        if (clientEnded && !serverInformed && !server.hasUnsent()) {
            serverInformed = true;
            server.endOutput();
        }
        if (serverEnded && !clientInformed && !stream.isBlocked()) {
            clientInformed = true;
            stream.endOutput();
        }
        if (serverInformed && clientInformed && !server.hasUnsent() && !stream.isBlocked()) {
            attempts.completed(STATUS, false);
            end(Ending.COMPLETE);
        }
    }

    /** Ends the tunnel in order on both sides. */
    private void end(Ending how) {
        over();
        server.discard();
        exchange.endAs(how);
        exchange.finished();
    }

    @Override
    public void failed(UpstreamFault fault) {
        exchange.guard(() -> cut(
                switch (fault) {
                    case TIMEOUT -> Ending.TUNNEL_STALLED;
                    case CRASHED -> Ending.INTERNAL_ERROR;
                    default -> lost();
                }));
    }

    private Ending lost() {
        return received == 0 && !clientSent ? Ending.TUNNEL_LOST : Ending.TUNNEL_RESET;
    }

    @Override
    public void instanceLost() {} // an unhealthy instance may still serve its tunnels

    @Override
    public void instanceLeft() {
        exchange.guard(() -> cut(Ending.TUNNEL_DRAINED));
    }

    /** Ends the tunnel by a reset of both sides. */
    private void cut(Ending how) {
        if (!over) {
            abandon();
            attempts.ended(how, true, "");
            exchange.logs.failures().failed(0, how, exchange.request.view(), attempts.serverId(), "");
            exchange.endAs(how);
            stream.reset();
        }
    }

    private void restartIdleTimer() {
        boolean halfClosed = clientEnded || serverEnded;
        long nanos = halfClosed ? Math.min(timeouts.tunnel(), timeouts.clientIdle()) : timeouts.tunnel();
        loop.timers().set(idle, loop.now() + nanos);
    }

    private void idleTimedOut() {
        boolean waits = stream.isBlocked() || server.hasUnsent() || stream.isPaused() || server.isPaused();
        if (waits) {
            restartIdleTimer(); // bytes are on their way: the timeout of writing applies
        } else {
            attempts.ended(Ending.TUNNEL_IDLE, true, "");
            end(Ending.TUNNEL_IDLE);
        }
    }

    /** Ends the tunnel with a reset of the server's connection. */
    void abandon() {
        over();
        server.cut();
    }

    private void over() {
        over = true;
        loop.timers().remove(idle);
    }
}
