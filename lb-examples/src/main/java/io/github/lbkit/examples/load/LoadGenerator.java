package io.github.lbkit.examples.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Generates load over real connections on the calling thread, with one selector for all connections, so that it uses
 * little processor time. Every planned request ends exactly once or counts as unfinished. No request is retried. A run
 * is bounded in time. Confined to one run.
 */
public final class LoadGenerator {
    private static final int BUFFER = 64 << 10;
    private static final long CHECK_NANOS = Duration.ofMillis(20).toNanos();

    private final LoadPlan plan;
    private final LongSupplier clock;
    private final Tally tally;
    private final SplittableRandom random;
    private final Deque<LoadConnection> idle = new ArrayDeque<>();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private long startNanos;
    private long endNanos;
    private long sent;

    /** Counts the ends of requests, and makes their connections idle. */
    private final class Ends implements LoadConnection.Owner {
        @Override
        public void answered(LoadConnection connection, int status, byte[] body, int length) {
            endNanos = clock.getAsLong();
            tally.answered(endNanos - startNanos, endNanos - connection.begunNanos(), status, body, length);
            idle.add(connection);
        }

        @Override
        public void failed(LoadConnection connection, LoadFailure failure) {
            endNanos = clock.getAsLong();
            tally.failed(endNanos - startNanos, failure);
            idle.add(connection);
        }
    }

    private LoadGenerator(LoadPlan plan, LoadObserver observer, LongSupplier clock) {
        this.plan = plan;
        this.clock = clock;
        this.tally = new Tally(observer);
        this.random = new SplittableRandom(plan.seed());
    }

    /** Runs a load; returns when it has ended. */
    public static LoadResult run(LoadPlan plan, LoadObserver observer) {
        return run(plan, observer, System::nanoTime);
    }

    /** Runs a load with this clock, in nanoseconds. */
    static LoadResult run(LoadPlan plan, LoadObserver observer, LongSupplier clock) {
        return new LoadGenerator(plan, observer, clock).run();
    }

    private LoadResult run() {
        try (Selector selector = Selector.open()) {
            LoadConnection.Owner ends = new Ends();
            for (int i = 0; i < Math.min(plan.connections(), plan.requests()); i++) {
                connections.add(new LoadConnection(plan.address(), selector, ends));
            }
            try {
                idle.addAll(connections);
                startNanos = clock.getAsLong();
                endNanos = startNanos;
                loop(selector);
                return tally.result(plan.requests(), endNanos - startNanos);
            } finally {
                connections.forEach(LoadConnection::close);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void loop(Selector selector) throws IOException {
        long limit = plan.limit().toNanos();
        long checked = startNanos;
        while (tally.ended() < plan.requests()) {
            long now = clock.getAsLong();
            if (now - startNanos >= limit || Thread.currentThread().isInterrupted()) {
                return;
            }
            begin(now);
            if (now - checked >= CHECK_NANOS) {
                checked = now;
                connections.forEach(c -> c.expire(now));
            }
            selector.select(Math.max(1, untilDue(now) / 1_000_000));
            for (SelectionKey key : selector.selectedKeys()) {
                ((LoadConnection) key.attachment()).ready(buffer);
            }
            selector.selectedKeys().clear();
        }
    }

    /** Sends the requests that are due, while there are idle connections. */
    private void begin(long now) {
        while (sent < plan.requests() && !idle.isEmpty()) {
            long begun = now;
            if (plan.pace() instanceof Pace.ConstantRate constant) {
                begun = startNanos + constant.dueNanos(sent);
                if (begun - now > 0) {
                    return;
                }
            }
            sent++;
            idle.remove()
                    .send(
                            LoadConnection.head(plan.address(), plan.path(), id()),
                            begun,
                            now + plan.timeout().toNanos());
        }
    }

    private long untilDue(long now) {
        if (plan.pace() instanceof Pace.ConstantRate constant && sent < plan.requests() && !idle.isEmpty()) {
            return Math.min(CHECK_NANOS, Math.max(0, startNanos + constant.dueNanos(sent) - now));
        }
        return CHECK_NANOS;
    }

    private String id() {
        return "r" + Long.toHexString(random.nextLong());
    }
}
