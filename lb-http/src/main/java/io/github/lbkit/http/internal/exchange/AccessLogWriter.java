package io.github.lbkit.http.internal.exchange;

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
 * A bounded queue of log lines, and the thread that hands them to the logger. The logger may block for as long as its output
 * does; {@link #queue} never blocks. A line that finds the queue full is dropped and counted, and the thread reports how
 * many were dropped when it can write again. Thread-safe.
 */
final class AccessLogWriter {
    /** The bound of the queue, in characters; each line counts {@link #LINE_OVERHEAD} more than its length. */
    static final int QUEUED_CHARACTERS = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.access");
    private static final int LINE_OVERHEAD = 64;
    private static final long REPORT_EVERY_NANOS = 1_000_000_000;
    private static final long FLUSH_NANOS = 1_000_000_000;

    private final LongSupplier clock;
    private final Thread thread;

    /** Lines to write. The loops add, the thread takes. */
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    /** The size of what {@link #lines} holds. Written by the loops before they add, and by the thread after it took. */
    private final AtomicInteger queued = new AtomicInteger();

    /** Lines that were not written. Written by the loops and the thread, read by any thread. */
    private final AtomicLong dropped = new AtomicLong();

    /** Whether the thread wants to be woken. Written by the thread before its last look at the queue, reset by the loops. */
    private volatile boolean asleep;

    /** Whether the thread ends when the queue is empty. Written after {@link #endsNanos}, read by the thread. */
    private volatile boolean ending;

    /** When the thread ends even if the queue is not empty; has a meaning while {@link #ending}. */
    private long endsNanos;

    /** Whether nothing is written any more. Written by the thread and by {@link #awaitEnd}, read by the loops. */
    private volatile boolean over;

    /** The number of dropped lines that were reported. Confined to the thread. */
    private long reported;

    /** When dropped lines were reported last. Confined to the thread. */
    private long reportedNanos;

    /**
     * A writer whose thread is not started yet.
     *
     * @param clock counts nanoseconds from any origin
     */
    AccessLogWriter(String threadName, LongSupplier clock) {
        this.clock = clock;
        reportedNanos = clock.getAsLong() - REPORT_EVERY_NANOS;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true); // a logger that blocks for ever must not keep the process
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    /** Returns whether lines are wanted. */
    static boolean isWanted() {
        return LOG.isInfoEnabled();
    }

    /** Returns how many lines were not written: the queue was full, the logger failed, or the writer had ended. */
    long dropped() {
        return dropped.get();
    }

    /** Queues a line, or drops the line where there is no room. */
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

    /** Ends the thread when the queue is empty, or in a second. Does not wait; again: nothing happens. */
    synchronized void end() {
        if (!ending) {
            endsNanos = clock.getAsLong() + FLUSH_NANOS;
            ending = true;
            LockSupport.unpark(thread);
        }
    }

    /** Waits for the thread to end, at most this long; drops what is queued then. */
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
            dropped.incrementAndGet(); // the logger is the application's, and may throw anything
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
            // the next report has these lines too
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
