package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.internal.loop.ConnectAttempt;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.transport.TlsFailure;
import io.github.lbkit.http.internal.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
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
 * The attempts to connect to one of several addresses, in their order (RFC 8305, section 5). The next attempt begins
 * when an earlier one has failed, or after a delay while the earlier ones continue. The first success cancels the
 * others. Confined to its loop.
 */
final class ConnectRace implements ConnectAttempt.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectRace.class);
    private static final long MAX_DELAY_NANOS = Duration.ofMillis(250).toNanos();
    private static final long MIN_DELAY_NANOS = Duration.ofMillis(10).toNanos();

    private final EventLoop loop;
    private final ServerTransports transports;
    private final byte @Nullable [] preface;
    private final Outcome outcome;
    private final Timer nextAttempt;
    private final Map<ConnectAttempt, SocketAddress> attempts = new HashMap<>(2);

    private Iterator<? extends SocketAddress> addresses =
            List.<SocketAddress>of().iterator();

    private Address target = Address.of("localhost", 1);
    private long delayNanos;

    /** The reason why TLS failed with an address; empty if it did not. */
    private String tlsFailure = "";

    /** True if this process could open no socket for an attempt. */
    private boolean noSocket;

    private boolean ended;

    /**
     * The receiver of the result. It is called once, after {@link #begin} has returned, unless the race is cancelled.
     */
    interface Outcome {
        /** Handles that TCP is connected, and that the TLS handshake has begun. */
        void handshakeBegan();

        /** Handles a success. The receiver takes over the transport of the attempt. */
        void connected(ConnectAttempt attempt, SocketAddress address);

        /**
         * Handles that no address could be connected, or that this process could open no socket.
         *
         * @param detail details about the failure; empty if there are none
         */
        void failed(UpstreamFault fault, String detail);
    }

    /**
     * Creates a race that has not begun.
     *
     * @param preface the bytes that each connection begins with, before a TLS handshake; null for none
     * @param timers creates the timer of the race
     */
    ConnectRace(
            EventLoop loop,
            ServerTransports transports,
            byte @Nullable [] preface,
            Outcome outcome,
            Function<Runnable, Timer> timers) {
        this.loop = loop;
        this.transports = transports;
        this.preface = preface;
        this.outcome = outcome;
        nextAttempt = timers.apply(this::attemptNext);
    }

    /**
     * Begins with the first address.
     *
     * @param to the address of the instance, whose port and scheme are used
     * @param within the time for all attempts together in nanoseconds, which bounds the delay between two attempts
     */
    void begin(List<? extends SocketAddress> inOrder, Address to, long within) {
        addresses = inOrder.iterator();
        target = to;
        long share = within / Math.max(1, inOrder.size());
        delayNanos = Math.max(MIN_DELAY_NANOS, Math.min(MAX_DELAY_NANOS, share));
        attemptNext();
    }

    private void attemptNext() {
        while (!ended && addresses.hasNext()) {
            SocketAddress address = addresses.next();
            Transport transport = open(address);
            if (transport != null) {
                ConnectAttempt attempt = new ConnectAttempt(loop, transport, this);
                attempts.put(attempt, address);
                attempt.begin(address);
                if (addresses.hasNext()) {
                    loop.timers().set(nextAttempt, loop.now() + delayNanos);
                }
                return;
            }
        }
        if (!ended && attempts.isEmpty()) {
            ended = true;
            UpstreamFault fault = fault();
            loop.defer(() -> outcome.failed(fault, tlsFailure));
        }
    }

    private UpstreamFault fault() {
        if (noSocket) {
            return UpstreamFault.NO_CONNECTION;
        }
        return tlsFailure.isEmpty() ? UpstreamFault.CONNECT_FAILED : UpstreamFault.TLS_FAILED;
    }

    private @Nullable Transport open(SocketAddress address) {
        SocketChannel channel = null;
        try {
            channel = address instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
            return transports.open(channel, target, preface);
        } catch (IllegalArgumentException e) { // the address has no name for a certificate
            tlsFailure = String.valueOf(e.getMessage());
            close(channel);
            return null;
        } catch (IOException e) {
            LOG.warn("cannot open a socket towards {}: {}", address, e.getMessage());
            close(channel);
            noSocket = true;
            return null;
        }
    }

    private static void close(@Nullable SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing a socket that was never used", e);
        }
    }

    /** Waits for the handshake: a slow server should not get a handshake on each of its addresses. */
    @Override
    public void handshakeBegan(ConnectAttempt attempt) {
        if (!ended) {
            loop.timers().stop(nextAttempt);
            outcome.handshakeBegan();
        }
    }

    @Override
    public void connected(ConnectAttempt attempt) {
        SocketAddress address = attempts.remove(attempt);
        if (address == null || ended) {
            attempt.cancel();
            return;
        }
        cancel();
        outcome.connected(attempt, address);
    }

    @Override
    public void failed(ConnectAttempt attempt, Throwable cause) {
        SocketAddress address = attempts.remove(attempt);
        if (address != null && !ended) {
            LOG.debug("cannot connect to {}: {}", address, cause.toString());
            if (cause instanceof TlsFailure failure) {
                tlsFailure = failure.reason();
            }
            attemptNext();
        }
    }

    /** Ends the race and cancels all attempts. Later calls do nothing. */
    void cancel() {
        ended = true;
        loop.timers().remove(nextAttempt);
        List.copyOf(attempts.keySet()).forEach(ConnectAttempt::cancel);
        attempts.clear();
    }
}
