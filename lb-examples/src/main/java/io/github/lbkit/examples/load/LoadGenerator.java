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
 * Makes load over real connections, on the calling thread alone: one selector for all of them, so that it takes little of
 * the processors that it wants to see at work. Every planned request ends exactly once, or is counted as unfinished; nothing
 * is repeated. A run ends by itself. Confined to one run.
 */
public final class LoadGenerator {
    private static final int BUFFER = 64 << 10;
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

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

    /** Ends requests, and takes their connections for the next. */
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

    /** Makes this load, and returns when it is over. */
    public static LoadResult run(LoadPlan plan, LoadObserver observer) {
        return run(plan, observer, System::nanoTime);
    }

    /** {@link #run(LoadPlan, LoadObserver)} by a clock of one's own, in nanoseconds. */
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
        long looked = startNanos;
        while (tally.ended() < plan.requests()) {
            long now = clock.getAsLong();
            if (now - startNanos >= limit || Thread.currentThread().isInterrupted()) {
                return;
            }
            begin(now);
            if (now - looked >= LOOK_NANOS) {
                looked = now;
                connections.forEach(c -> c.expire(now));
            }
            selector.select(Math.max(1, untilDue(now) / 1_000_000));
            for (SelectionKey key : selector.selectedKeys()) {
                ((LoadConnection) key.attachment()).ready(buffer);
            }
            selector.selectedKeys().clear();
        }
    }

    /** Sends what is due, as far as there are connections for it. */
    private void begin(long now) {
        while (sent < plan.requests() && !idle.isEmpty()) {
            long begun = now;
            if (plan.pace() instanceof Pace.Constant constant) {
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
                            now + plan.patience().toNanos());
        }
    }

    private long untilDue(long now) {
        if (plan.pace() instanceof Pace.Constant constant && sent < plan.requests() && !idle.isEmpty()) {
            return Math.min(LOOK_NANOS, Math.max(0, startNanos + constant.dueNanos(sent) - now));
        }
        return LOOK_NANOS;
    }

    private String id() {
        return "r" + Long.toHexString(random.nextLong());
    }
}
