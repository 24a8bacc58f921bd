package io.github.lbkit.examples.log;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.event.Level;

/**
 * A bounded queue of log lines, with the thread that writes them. The output may block; {@link #add} does not. When the
 * queue is half full, lines below WARN are dropped. Lines at WARN and above are dropped only when it is full. Dropped
 * lines are counted, and a line at WARN reports them as soon as the output accepts lines again. Thread-safe.
 *
 * <p>Lines of the access log wait for space instead, because their thread has a bounded queue and a count of its own.
 */
final class LogQueue {
    /** The bound for lines below WARN, in characters. */
    static final long BOUND = 1 << 20;

    /** The bound for all lines, in characters. */
    static final long HARD_BOUND = 2 << 20;

    private static final int BATCH = 32 << 10;
    private static final long WAIT_NANOS = 1_000_000;

    private final Consumer<String> output;
    private final Queue<LogLine> lines = new ConcurrentLinkedQueue<>();

    /**
     * The size of the lines that are not written yet; added before a line is queued, subtracted after it is written.
     */
    private final AtomicLong waiting = new AtomicLong();

    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong droppedWarnings = new AtomicLong();
    private final AtomicBoolean started = new AtomicBoolean();

    /** The form of lines. Written by the thread that sets the format, read by the log's thread. */
    private volatile LogFormat.Form form = LogFormat.TEXT.form();

    /** True while the thread needs to be woken. Set by the thread before it checks the queue again, reset by add. */
    private volatile boolean asleep;

    /** The number of reported lines below WARN; confined to the thread. */
    private long reported;

    /** The number of reported lines at WARN and above; confined to the thread. */
    private long reportedWarnings;

    private final Thread thread = new Thread(this::run, "lbkit-log");

    /**
     * Creates a queue for an output.
     *
     * @param output accepts whole lines; may block, and may throw, which drops the lines
     */
    LogQueue(Consumer<String> output) {
        this.output = output;
        thread.setDaemon(true); // a blocked output must not keep the process alive
    }

    void form(LogFormat.Form value) {
        form = value;
    }

    /** Queues a line, or drops and counts it. */
    void add(LogLine line) {
        boolean waits = line.logger().equals(AccessFields.LOGGER);
        long bound = waits || !line.isWarning() ? BOUND : HARD_BOUND;
        int size = line.size();
        while (waiting.addAndGet(size) > bound) {
            waiting.addAndGet(-size);
            if (!waits) {
                (line.isWarning() ? droppedWarnings : dropped).incrementAndGet();
                return;
            }
            LockSupport.parkNanos(this, WAIT_NANOS);
        }
        lines.add(line);
        if (started.compareAndSet(false, true)) {
            thread.start();
        } else if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    /** Waits up to this time until all queued lines are written; returns whether they are. */
    boolean flush(long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (waiting.get() > 0 && Thread.currentThread() != thread) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(this, WAIT_NANOS);
        }
        return true;
    }

    /** Returns the number of dropped lines. */
    long dropped() {
        return dropped.get() + droppedWarnings.get();
    }

    private void run() {
        StringBuilder text = new StringBuilder();
        while (true) {
            long size = 0;
            int count = 0;
            int warnings = 0;
            for (LogLine line; text.length() < BATCH && (line = lines.poll()) != null; count++) {
                size += line.size();
                warnings += line.isWarning() ? 1 : 0;
                append(line, text);
            }
            if (count == 0) {
                sleep();
                continue;
            }
            if (!write(text)) {
                droppedWarnings.addAndGet(warnings);
                dropped.addAndGet(count - warnings);
            } else {
                report();
            }
            waiting.addAndGet(-size);
        }
    }

    private void append(LogLine line, StringBuilder text) {
        int begin = text.length();
        try {
            form.append(line, text);
        } catch (RuntimeException | StackOverflowError e) {
            text.setLength(begin); // an exception whose stack trace cannot be printed
            form.append(
                    new LogLine(
                            line.millis(),
                            line.level(),
                            line.logger(),
                            line.thread(),
                            line.message(),
                            line.fields(),
                            null),
                    text);
        }
    }

    private boolean write(StringBuilder text) {
        try {
            output.accept(text.toString());
            return true;
        } catch (RuntimeException | Error e) {
            return false; // the lines count as dropped, and the next written line reports them
        } finally {
            text.setLength(0);
        }
    }

    private void report() {
        long all = dropped.get();
        long warnings = droppedWarnings.get();
        if (all == reported && warnings == reportedWarnings) {
            return;
        }
        StringBuilder text = new StringBuilder();
        long lost = all - reported + warnings - reportedWarnings;
        form.append(
                new LogLine(
                        System.currentTimeMillis(),
                        Level.WARN,
                        LogQueue.class.getName(),
                        thread.getName(),
                        lost + " lines of the log were dropped because its output was blocked, "
                                + (warnings - reportedWarnings) + " of them WARN or above",
                        Map.of("event", "log-dropped", "lines", lost),
                        null),
                text);
        if (write(text)) {
            reported = all;
            reportedWarnings = warnings;
        }
    }

    private void sleep() {
        asleep = true;
        if (lines.isEmpty()) {
            LockSupport.park(this);
        }
        asleep = false;
    }
}
