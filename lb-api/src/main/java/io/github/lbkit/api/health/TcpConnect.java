package io.github.lbkit.api.health;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a {@link TcpExchange}: tries the addresses of a host in their order, each within its share of the
 * remaining time, until one connects. Thread-safe.
 */
final class TcpConnect {
    private final AsynchronousChannelGroup sockets;
    private final Scheduler timer;
    private final Address address;
    private final List<InetAddress> targets;
    private final long deadline;
    private final CompletableFuture<AsynchronousSocketChannel> result = new CompletableFuture<>();

    // All below is guarded by this object's monitor.
    private final List<String> failures = new ArrayList<>();
    private @Nullable AsynchronousSocketChannel channel;
    private boolean closed;

    /** The index of the address that is being connected; a result of another address is ignored. */
    private int current;

    TcpConnect(
            AsynchronousChannelGroup sockets,
            Scheduler timer,
            Address address,
            List<InetAddress> targets,
            Duration within) {
        this.sockets = sockets;
        this.timer = timer;
        this.address = address;
        this.targets = targets;
        deadline = timer.nanoTime() + within.toNanos();
    }

    /** Returns the connected channel; fails with an {@link IOException} that names each address when none connects. */
    CompletionStage<AsynchronousSocketChannel> begin() {
        tryNext();
        return result;
    }

    private void tryNext() {
        int index;
        AsynchronousSocketChannel opened;
        String failure;
        synchronized (this) {
            index = current;
            if (closed) {
                return;
            }
            opened = index < targets.size() ? open() : null;
            channel = opened;
            failure = String.join(", ", failures);
        }
        if (opened == null) {
            result.completeExceptionally(new IOException("cannot connect to " + address + ": " + failure));
        } else {
            connect(index, opened);
        }
    }

    private @Nullable AsynchronousSocketChannel open() {
        try {
            return AsynchronousSocketChannel.open(sockets);
        } catch (IOException | RuntimeException e) {
            failures.add("no socket for a probe: " + TcpExchange.reason(e));
            return null;
        }
    }

    private void connect(int index, AsynchronousSocketChannel opened) {
        long share = Math.max(1, (deadline - timer.nanoTime()) / (targets.size() - index));
        Subscription giveUp = index + 1 == targets.size()
                ? () -> {}
                : timer.schedule(
                        Duration.ofNanos(share),
                        () -> failed(
                                index,
                                "not connected within "
                                        + Duration.ofNanos(share).toMillis() + " ms"));
        CompletionHandler<Void, TcpConnect> then = new CompletionHandler<>() {
            @Override
            public void completed(Void none, TcpConnect connect) {
                giveUp.close();
                connected(index, opened);
            }

            @Override
            public void failed(Throwable e, TcpConnect connect) {
                giveUp.close();
                TcpConnect.this.failed(index, TcpExchange.reason(e));
            }
        };
        try {
            opened.connect(new InetSocketAddress(targets.get(index), address.port()), this, then);
        } catch (RuntimeException e) {
            then.failed(e, this);
        }
    }

    private void connected(int index, AsynchronousSocketChannel opened) {
        synchronized (this) {
            if (index != current || closed) {
                return;
            }
            current++;
        }
        result.complete(opened);
    }

    private void failed(int index, String reason) {
        synchronized (this) {
            if (index != current || closed) {
                return;
            }
            current++;
            failures.add(targets.size() == 1 ? reason : targets.get(index).getHostAddress() + ": " + reason);
            closeChannel();
        }
        tryNext();
    }

    /** Closes the channel, whether it is connected or not. A second call does nothing. */
    synchronized void close() {
        closed = true;
        closeChannel();
    }

    private void closeChannel() {
        AsynchronousSocketChannel closing = channel;
        channel = null;
        try {
            if (closing != null) {
                closing.close();
            }
        } catch (IOException e) {
            failures.add("closing: " + TcpExchange.reason(e)); // the socket is gone for this process all the same
        }
    }
}
