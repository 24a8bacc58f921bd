package io.github.lbkit.api.health;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Scheduler;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of a {@link TcpProbe}: resolve, connect, write, read, compare. The steps run one after the other on the
 * threads of the resolver and of the sockets; any thread may end the exchange by {@link #close}.
 */
final class TcpExchange {
    private final AsynchronousChannelGroup sockets;
    private final Scheduler timer;
    private final Address address;
    private final ByteBuffer request;
    private final List<String> accepted;
    private final Duration staysOpen;
    private final CompletableFuture<ProbeResult> result = new CompletableFuture<>();
    private final ByteBuffer answer;

    /** Guarded by this object's monitor, as is {@link #closed}. */
    private @Nullable TcpConnect connect;

    private boolean closed;

    /** True if the addresses of the host are known; written once by the resolver's thread, read by the deadline. */
    private volatile boolean resolved;

    TcpExchange(
            AsynchronousChannelGroup sockets,
            Scheduler timer,
            Address address,
            byte[] request,
            List<String> accepted,
            Duration staysOpen) {
        this.sockets = sockets;
        this.timer = timer;
        this.address = address;
        this.request = ByteBuffer.wrap(request);
        this.accepted = accepted;
        this.staysOpen = staysOpen;
        int longest = accepted.stream().mapToInt(String::length).max().orElse(1);
        this.answer = ByteBuffer.allocate(longest);
    }

    /** Begins the exchange; returns the result, which completes within the timeout. */
    CompletionStage<ProbeResult> begin(NameResolver names, Duration timeout) {
        long begun = timer.nanoTime();
        var deadline = timer.schedule(
                timeout,
                () -> fail((resolved ? "no answer from " + address : "no address is known for host " + address.host())
                        + " within " + timeout.toMillis() + " ms"));
        CompletionStage<ProbeResult> ended = result.whenComplete((r, e) -> {
            deadline.close();
            close();
        });
        var unused = addresses(names).whenComplete((targets, e) -> {
            if (e != null) {
                fail(reason(e));
            } else {
                resolved = true;
                connect(targets, timeout.minusNanos(timer.nanoTime() - begun));
            }
        });
        return ended;
    }

    private CompletionStage<List<InetAddress>> addresses(NameResolver names) {
        try {
            return names.resolve(address.host());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void connect(List<InetAddress> targets, Duration within) {
        TcpConnect begun = new TcpConnect(sockets, timer, address, targets, within);
        synchronized (this) {
            if (closed) {
                return;
            }
            connect = begun;
        }
        var unused = begun.begin().whenComplete((channel, e) -> {
            if (e != null) {
                fail(reason(e));
            } else {
                guarded("write to", () -> write(channel));
            }
        });
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

    private void close() {
        TcpConnect closing;
        synchronized (this) {
            closed = true;
            closing = connect;
        }
        if (closing != null) {
            closing.close();
        }
    }

    private void fail(String detail) {
        result.complete(ProbeResult.failed(detail));
    }

    static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    static String reason(Throwable e) {
        Throwable cause = GuardedCalls.cause(e);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void guarded(String what, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            fail("cannot " + what + " " + address + ": " + reason(e));
        }
    }

    private interface Step<V> {
        void take(V value);
    }

    private <V> CompletionHandler<V, TcpExchange> then(String what, Step<V> next) {
        return new CompletionHandler<>() {
            @Override
            public void completed(V value, TcpExchange exchange) {
                guarded(what, () -> next.take(value));
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
