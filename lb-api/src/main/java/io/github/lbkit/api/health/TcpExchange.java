package io.github.lbkit.api.health;

import io.github.lbkit.api.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link TcpProbe}: connect, write, read, compare. Its steps follow each other on the sockets'
 * thread; {@link #close} may come from anywhere and ends it.
 */
final class TcpExchange {
    private final AsynchronousChannelGroup sockets;
    private final Address address;
    private final ByteBuffer request;
    private final List<String> accepted;
    private final Duration staysOpen;
    private final CompletableFuture<ProbeResult> result;
    private final ByteBuffer answer;

    /** Guarded by this object's monitor, as is {@link #closed}. */
    private @Nullable AsynchronousSocketChannel channel;

    private boolean closed;

    TcpExchange(
            AsynchronousChannelGroup sockets,
            Address address,
            byte[] request,
            List<String> accepted,
            Duration staysOpen,
            CompletableFuture<ProbeResult> result) {
        this.sockets = sockets;
        this.address = address;
        this.request = ByteBuffer.wrap(request);
        this.accepted = accepted;
        this.staysOpen = staysOpen;
        this.result = result;
        int longest = accepted.stream().mapToInt(String::length).max().orElse(1);
        this.answer = ByteBuffer.allocate(longest);
    }

    /** Resolves the name, which may block, and connects. */
    void begin() {
        try {
            InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
            if (target.isUnresolved()) {
                fail("no address is known for host " + address.host());
                return;
            }
            AsynchronousSocketChannel opened = AsynchronousSocketChannel.open(sockets);
            if (keep(opened)) {
                opened.connect(target, this, then("connect to", connected -> write(opened)));
            }
        } catch (IOException | RuntimeException e) {
            fail("cannot connect to " + address + ": " + reason(e));
        }
    }

    private void write(AsynchronousSocketChannel to) {
        if (request.hasRemaining()) {
            to.write(request, this, then("write to", written -> write(to)));
        } else {
            read(to);
        }
    }

    private void read(AsynchronousSocketChannel from) {
        if (accepted.isEmpty()) {
            from.read(answer, staysOpen.toMillis(), TimeUnit.MILLISECONDS, this, then("read from", this::stayed));
        } else {
            from.read(answer, this, then("read from", count -> compare(from, count)));
        }
    }

    private void stayed(int count) {
        if (count < 0) {
            fail(address + " closed the connection at once");
        } else {
            result.complete(ProbeResult.PASSED);
        }
    }

    private void compare(AsynchronousSocketChannel from, int count) {
        String beginning = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        if (accepted.stream().anyMatch(beginning::startsWith)) {
            result.complete(ProbeResult.PASSED);
        } else if (count < 0 || accepted.stream().noneMatch(whole -> whole.startsWith(beginning))) {
            fail(address + " answered '" + printable(beginning) + "' instead of one of " + accepted);
        } else {
            read(from);
        }
    }

    private synchronized boolean keep(AsynchronousSocketChannel opened) throws IOException {
        if (closed) {
            opened.close();
            return false;
        }
        channel = opened;
        return true;
    }

    synchronized void close() {
        closed = true;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // the probe is answered; whatever the socket still says is of no interest
                channel = null;
            }
        }
    }

    private void fail(String detail) {
        result.complete(ProbeResult.failed(detail));
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private interface Step<V> {
        void take(V value);
    }

    private <V> CompletionHandler<V, TcpExchange> then(String what, Step<V> next) {
        return new CompletionHandler<>() {
            @Override
            public void completed(V value, TcpExchange exchange) {
                try {
                    next.take(value);
                } catch (RuntimeException e) {
                    fail("cannot " + what + " " + address + ": " + reason(e));
                }
            }

            @Override
            public void failed(Throwable e, TcpExchange exchange) {
                if (e instanceof InterruptedByTimeoutException && accepted.isEmpty()) {
                    result.complete(ProbeResult.PASSED);
                } else {
                    fail("cannot " + what + " " + address + ": " + reason(e));
                }
            }
        };
    }
}
