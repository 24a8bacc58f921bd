package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.http.internal.loop.ConnectAttempt;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.PlainTransport;
import io.github.lbkit.http.internal.loop.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts to connect to one of several addresses, in their order (RFC 8305, section 5). The next attempt begins when an
 * earlier one fails, or after a delay while the earlier ones go on; the first success wins and ends the others. Confined to
 * its loop.
 */
final class ConnectRace implements ConnectAttempt.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectRace.class);
    private static final long LONGEST_DELAY_NANOS = Duration.ofMillis(250).toNanos();
    private static final long SHORTEST_DELAY_NANOS = Duration.ofMillis(10).toNanos();

    private final EventLoop loop;
    private final Finish finish;
    private final Timer nextAttempt;
    private final Map<ConnectAttempt, InetAddress> underWay = new HashMap<>(2);

    private Iterator<InetAddress> addresses = List.<InetAddress>of().iterator();
    private int port;
    private long delayNanos;

    /** Whether this process could open no socket for an attempt. */
    private boolean noSocket;

    private boolean ended;

    /** The receiver of the result: exactly one call, later than {@link #begin} returns, unless the race is cancelled. */
    interface Finish {
        /** An attempt has succeeded; the receiver takes its socket over. */
        void connected(ConnectAttempt attempt, InetAddress address);

        /** No address could be connected, or this process could open no socket to try one. */
        void failed(UpstreamFault fault);
    }

    /**
     * Creates a race that has not begun.
     *
     * @param guard wraps the action of the race's timer
     */
    ConnectRace(EventLoop loop, Finish finish, Function<Runnable, Timer> guard) {
        this.loop = loop;
        this.finish = finish;
        nextAttempt = guard.apply(this::attemptNext);
    }

    /**
     * Begins with the first address.
     *
     * @param within the time for all attempts together, which bounds the delay between two
     */
    void begin(List<InetAddress> inOrder, int toPort, long within) {
        addresses = inOrder.iterator();
        port = toPort;
        long share = within / Math.max(1, inOrder.size());
        delayNanos = Math.max(SHORTEST_DELAY_NANOS, Math.min(LONGEST_DELAY_NANOS, share));
        attemptNext();
    }

    private void attemptNext() {
        while (!ended && addresses.hasNext()) {
            InetAddress address = addresses.next();
            PlainTransport transport = open(address);
            if (transport != null) {
                ConnectAttempt attempt = new ConnectAttempt(loop, transport, this);
                underWay.put(attempt, address);
                attempt.begin(new InetSocketAddress(address, port));
                if (addresses.hasNext()) {
                    loop.timers().set(nextAttempt, loop.now() + delayNanos);
                }
                return;
            }
        }
        if (!ended && underWay.isEmpty()) {
            ended = true;
            UpstreamFault fault = noSocket ? UpstreamFault.NO_CONNECTION : UpstreamFault.CONNECT_FAILED;
            loop.defer(() -> finish.failed(fault));
        }
    }

    private @Nullable PlainTransport open(InetAddress address) {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            return new PlainTransport(channel);
        } catch (IOException e) {
            LOG.warn("cannot open a socket towards {}: {}", address.getHostAddress(), e.getMessage());
            UpstreamPool.close(channel);
            noSocket = true;
            return null;
        }
    }

    @Override
    public void connected(ConnectAttempt attempt) {
        InetAddress address = underWay.remove(attempt);
        if (address == null || ended) {
            attempt.cancel();
            return;
        }
        cancel();
        finish.connected(attempt, address);
    }

    @Override
    public void failed(ConnectAttempt attempt, Throwable cause) {
        InetAddress address = underWay.remove(attempt);
        if (address != null && !ended) {
            LOG.debug("cannot connect to {} port {}: {}", address.getHostAddress(), port, cause.toString());
            attemptNext();
        }
    }

    /** Ends the race and closes the sockets of all attempts under way. A second call does nothing. */
    void cancel() {
        ended = true;
        loop.timers().remove(nextAttempt);
        List.copyOf(underWay.keySet()).forEach(ConnectAttempt::cancel);
        underWay.clear();
    }
}
