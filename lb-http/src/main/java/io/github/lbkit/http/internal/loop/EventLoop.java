package io.github.lbkit.http.internal.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for its channels, its timers and what other threads give it, and does all of it itself. What it
 * calls must not block. An exception ends the connection that threw it and nothing else.
 *
 * <p>{@link #execute}, {@link #stop} and {@link #awaitEnd} are thread-safe; all else is confined to the loop's thread.
 */
public final class EventLoop implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier clock;
    private final Selector selector;
    private final Thread thread;
    private final Timers timers;
    private final Input input = new Input();
    private final ByteBuffer output = ByteBuffer.allocateDirect(Input.READ + 16 * 1024);
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    private final ArrayDeque<Runnable> given = new ArrayDeque<>();

    /** What other threads gave; they write, the loop takes. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the selector was woken since the loop looked last; orders the write to {@link #tasks} before its look. */
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Written by whoever stops the loop, read by the loop. */
    private volatile boolean stopped;

    private long now;
    private boolean nowIsOld;

    /** A loop that is not started yet; the clock counts nanoseconds from any origin. */
    public EventLoop(String name, LongSupplier clock) throws IOException {
        this.clock = clock;
        selector = Selector.open();
        now = clock.getAsLong();
        timers = new Timers(now);
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Runs the task soon on this loop; from the loop itself too. After {@link #stop} nothing runs any more. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    /** Runs the task after the event that is being handled, when {@link #input} is free again. */
    public void defer(Runnable task) {
        deferred.add(task);
    }

    /** The time, as of the beginning of the event that is being handled. */
    public long now() {
        return now;
    }

    /** The loop's deadlines. */
    public Timers timers() {
        return timers;
    }

    /** Whether the caller runs on this loop. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Ends the loop after what it is doing; channels still open are closed. */
    public void stop() {
        stopped = true;
        selector.wakeup();
        if (thread.getState() == Thread.State.NEW) {
            end();
        }
    }

    /** Waits until the loop has ended; false if that took longer. */
    public boolean awaitEnd(long nanos) {
        try {
            thread.join(Math.max(1, nanos / NANOS_PER_MILLI));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    Input input() {
        return input;
    }

    ByteBuffer output() {
        return output;
    }

    SelectionKey register(SelectableChannel channel, int operations, KeyHandler handler) throws ClosedChannelException {
        return channel.register(selector, operations, handler);
    }

    private void run() {
        try {
            while (!stopped) {
                turn();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("loop {} ends: its selector failed", thread.getName(), e);
        } finally {
            end();
        }
    }

    private void turn() throws IOException {
        refreshNow();
        long wait = timers.nanosToNext(now);
        nowIsOld = true;
        if (wait == 0 || !tasks.isEmpty()) {
            selector.selectNow(this::handle);
        } else if (wait == Long.MAX_VALUE) {
            selector.select(this::handle);
        } else {
            selector.select(this::handle, wait / NANOS_PER_MILLI + 1);
        }
        woken.set(false);
        refreshNow();
        for (Runnable task; (task = tasks.poll()) != null; ) {
            given.add(task);
        }
        for (Runnable task; (task = given.poll()) != null; ) {
            run(task); // what it gives to execute waits for another look at the channels
        }
        timers.advance(now);
        runDeferred();
    }

    private void handle(SelectionKey key) {
        if (nowIsOld) {
            refreshNow();
        }
        KeyHandler handler = (KeyHandler) key.attachment();
        try {
            handler.ready(key.readyOps());
            runDeferred();
        } catch (CancelledKeyException closedByAnEarlierEvent) {
            handler.crashed(closedByAnEarlierEvent);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
            crash(handler, e);
        }
    }

    private void crash(KeyHandler handler, Throwable cause) {
        try {
            LOG.error("an event of loop {} failed; its connection is closed", thread.getName(), cause);
            handler.crashed(cause);
        } catch (RuntimeException e) {
            LOG.error("and closing it failed", e);
        }
    }

    private void runDeferred() {
        for (Runnable task; (task = deferred.poll()) != null; ) {
            run(task);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a task of loop {} failed", thread.getName(), e);
        }
    }

    private void refreshNow() {
        now = clock.getAsLong();
        nowIsOld = false;
    }

    private void end() {
        stopped = true;
        for (SelectionKey key : selector.keys()) {
            try {
                key.channel().close();
            } catch (IOException e) {
                // closed for this process all the same
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("selector of loop {}", thread.getName(), e);
        }
    }
}
