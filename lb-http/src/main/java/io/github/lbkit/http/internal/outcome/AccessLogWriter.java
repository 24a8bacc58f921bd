package io.github.lbkit.http.internal.outcome;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue of log lines, and the thread that passes the lines to the logger. The logger may block; {@link
 * #queue} never blocks. A line that does not fit into the queue is dropped and counted. The thread reports the number
 * of dropped lines when the logger accepts lines again. Thread-safe.
 */
final class AccessLogWriter {
    /**
     * The bound of the queue in characters. Each line counts {@link #LINE_OVERHEAD} characters more than its length.
     */
    static final int QUEUED_CHARACTERS = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.access");
    private static final int LINE_OVERHEAD = 64;
    private static final long REPORT_EVERY_NANOS = 1_000_000_000;
    private static final long FLUSH_NANOS = 1_000_000_000;

    private final LongSupplier clock;
    private final Thread thread;

    /** The queued lines. The loops add, the thread removes. */
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    /** The size of {@link #lines}. Written by the loops before they add, and by the thread after it has removed. */
    private final AtomicInteger queued = new AtomicInteger();

    /** The number of dropped lines. Written by the loops and the thread, read by any thread. */
    private final AtomicLong dropped = new AtomicLong();

    /**
     * True if the thread must be woken. Set by the thread before it checks the queue a last time, reset by the loops.
     */
    private volatile boolean asleep;

    /** True if the thread ends when the queue is empty. Written after {@link #endsNanos}, read by the thread. */
    private volatile boolean ending;

    /** The time at which the thread ends even if the queue is not empty. Valid while {@link #ending}. */
    private long endsNanos;

    /** True if no further line is written. Written by the thread and by {@link #awaitEnd}, read by the loops. */
    private volatile boolean over;

    /** The number of dropped lines reported so far. Confined to the thread. */
    private long reported;

    /** The time of the last report. Confined to the thread. */
    private long reportedNanos;

    /**
     * Creates a writer whose thread is not started.
     *
     * @param clock the time in nanoseconds from any origin
     */
    AccessLogWriter(String threadName, LongSupplier clock) {
        this.clock = clock;
        reportedNanos = clock.getAsLong() - REPORT_EVERY_NANOS;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true); // a logger that blocks forever must not keep the process alive
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    /** Returns whether the logger is enabled. */
    static boolean isEnabled() {
        return LOG.isInfoEnabled();
    }

    /** Returns the number of dropped lines: the queue was full, the logger failed, or the writer had ended. */
    long dropped() {
        return dropped.get();
    }

    /** Queues a line, or drops the line if the queue is full. */
    void queue(String line) {
        int size = line.length() + LINE_OVERHEAD;
        if (queued.addAndGet(size) > QUEUED_CHARACTERS) {
            queued.addAndGet(-size);
            dropped.incrementAndGet();
            return;
        }
        lines.add(line);
        if (over) {
            dropQueued();
        } else if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    /** Ends the thread when the queue is empty, at the latest after a second. Does not wait. Later calls do nothing. */
    synchronized void end() {
        if (!ending) {
            endsNanos = clock.getAsLong() + FLUSH_NANOS;
            ending = true;
            LockSupport.unpark(thread);
        }
    }

    /** Waits for the end of the thread, at most this long. Then drops the lines still queued. */
    void awaitEnd(long nanos) {
        try {
            thread.join(Math.max(1, Math.min(nanos, FLUSH_NANOS) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        over = true;
        dropQueued();
    }

    private void run() {
        while (!isAtEnd()) {
            String line = next();
            if (line != null) {
                write(line);
            } else {
                report();
                sleep();
            }
        }
        over = true;
        dropQueued();
        reportedNanos = clock.getAsLong() - REPORT_EVERY_NANOS;
        report();
    }

    private boolean isAtEnd() {
        return over || (ending && (lines.isEmpty() || clock.getAsLong() - endsNanos >= 0));
    }

    private void sleep() {
        asleep = true;
        if (lines.isEmpty() && !ending) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private void write(String line) {
        try {
            LOG.info("{}", line);
        } catch (RuntimeException | Error e) {
            dropped.incrementAndGet(); // the logger belongs to the application, and may throw anything
        }
        report();
    }

    /** Reports dropped lines, at most once a second. */
    private void report() {
        long all = dropped.get();
        if (all == reported || clock.getAsLong() - reportedNanos < REPORT_EVERY_NANOS) {
            return;
        }
        reportedNanos = clock.getAsLong();
        try {
            LOG.warn("{} lines of the access log were dropped", all - reported);
            reported = all;
        } catch (RuntimeException | Error e) {
            // the next report includes these lines
        }
    }

    private @Nullable String next() {
        String line = lines.poll();
        if (line != null) {
            queued.addAndGet(-line.length() - LINE_OVERHEAD);
        }
        return line;
    }

    private void dropQueued() {
        while (next() != null) {
            dropped.incrementAndGet();
        }
    }
}
