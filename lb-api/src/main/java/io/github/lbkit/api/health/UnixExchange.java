package io.github.lbkit.api.health;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One exchange of a {@link TcpProbe} over a Unix domain socket. It blocks a thread of its own, because the JDK has no
 * asynchronous channel for such sockets. The deadline closes the channel, which ends a blocked step. Thread-safe.
 */
final class UnixExchange {
    private final Scheduler timer;
    private final Address address;
    private final UnixDomainSocketAddress socket;
    private final ByteBuffer request;
    private final List<String> accepted;
    private final Duration staysOpen;
    private final CompletableFuture<ProbeResult> result = new CompletableFuture<>();

    UnixExchange(
            Scheduler timer,
            Address address,
            UnixDomainSocketAddress socket,
            byte[] request,
            List<String> accepted,
            Duration staysOpen) {
        this.timer = timer;
        this.address = address;
        this.socket = socket;
        this.request = ByteBuffer.wrap(request);
        this.accepted = accepted;
        this.staysOpen = staysOpen;
    }

    /** Begins the exchange; returns the result, which completes within the timeout. */
    CompletionStage<ProbeResult> begin(Executor threads, Duration timeout) {
        var deadline = timer.schedule(
                timeout, () -> fail("no answer from " + address + " within " + timeout.toMillis() + " ms"));
        CompletionStage<ProbeResult> ended = result.whenComplete((r, e) -> deadline.close());
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException e) {
            fail("cannot probe " + address + ": the probe is closed");
        }
        return ended;
    }

    private void run() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            var unused = result.whenComplete((r, e) -> close(channel));
            channel.connect(socket);
            while (request.hasRemaining()) {
                channel.write(request);
            }
            if (accepted.isEmpty()) {
                awaitOpen(channel);
            } else {
                compare(channel);
            }
        } catch (IOException | RuntimeException e) {
            fail("cannot connect to or read from " + address + ": " + TcpExchange.reason(e));
        }
    }

    private void awaitOpen(SocketChannel channel) throws IOException {
        var passed = timer.schedule(staysOpen, () -> result.complete(ProbeResult.PASSED));
        try {
            if (channel.read(ByteBuffer.allocate(1)) < 0) {
                fail(address + " closed the connection at once");
            } else {
                result.complete(ProbeResult.PASSED);
            }
        } finally {
            passed.close();
        }
    }

    private void compare(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(
                accepted.stream().mapToInt(String::length).max().orElse(1));
        while (true) {
            int count = channel.read(answer);
            String beginning = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            if (accepted.stream().anyMatch(beginning::startsWith)) {
                result.complete(ProbeResult.PASSED);
                return;
            }
            if (count < 0 || accepted.stream().noneMatch(whole -> whole.startsWith(beginning))) {
                fail(address + " answered '" + TcpExchange.printable(beginning) + "' instead of one of " + accepted);
                return;
            }
        }
    }

    private void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            fail("cannot close the connection to " + address + ": " + TcpExchange.reason(e));
        }
    }

    /** Completes the result, unless it is complete already: the first reason counts. */
    private void fail(String detail) {
        result.complete(ProbeResult.failed(detail));
    }
}
