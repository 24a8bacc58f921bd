package io.github.lbkit.http.internal.loop;

import io.github.lbkit.api.internal.ThrownText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for its channels, its timers and what other threads give it, and does all of it itself. What it
 * calls must not block. Whatever an event, a task or a timer throws, errors included, ends the connection that threw it
 * and nothing else. In each turn the events of connections to servers come before all others: what a server has sent or
 * ended is known before its connection is used for the next request.
 *
 * <p>{@link #execute}, {@link #stop}, {@link #awaitEnd}, {@link #failure}, {@link #name}, {@link #isStopped} and {@link #position}
 * are thread-safe; all else is confined to the loop's thread.
 */
public final class EventLoop implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final Pattern JDK = Pattern.compile("^(java|javax|jdk|sun)\\.");
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How long a loop sleeps at most while connections wait for room in the buffers, which other loops give. */
    private static final long PAUSE_NANOS = 50 * NANOS_PER_MILLI;

    private final LongSupplier clock;
    private final BufferBudget budget;
    private final BufferBudget.Gauge buffers;

    /** Connections that are not read from for want of room in the buffers. */
    private final List<Connection> paused = new ArrayList<>();

    private final Selector selector;
    private final Thread thread;
    private final Timers timers;
    private final Input input = new Input();
    private final ByteBuffer output = ByteBuffer.allocateDirect(Input.READ + 16 * 1024);
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    private final ArrayDeque<Runnable> given = new ArrayDeque<>();

    /** The keys of the turn whose events wait until those of servers have been handled. */
    private final ArrayDeque<SelectionKey> later = new ArrayDeque<>();

    /** What other threads gave; they write, the loop takes. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the selector was woken since the loop looked last; orders the write to {@link #tasks} before its look. */
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Written by whoever stops the loop, read by the loop. */
    private volatile boolean stopped;

    /** What ended the loop although nobody had stopped it; written by the loop, read by any thread. */
    private volatile @Nullable Throwable failure;

    private long now;
    private boolean nowIsOld;

    /** A loop that is not started yet, without a bound on buffers; the clock counts nanoseconds from any origin. */
    public EventLoop(String name, LongSupplier clock) throws IOException {
        this(name, clock, BufferBudget.unlimited());
    }

    /** A loop that is not started yet, whose connections hold bytes within this budget. */
    public EventLoop(String name, LongSupplier clock, BufferBudget budget) throws IOException {
        this.clock = clock;
        this.budget = budget;
        buffers = budget.newGauge();
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

    /** Returns the name of the loop's thread. */
    public String name() {
        return thread.getName();
    }

    /** Returns whether the loop was told to stop, or has ended. */
    boolean isStopped() {
        return stopped;
    }

    /** Returns the code outside of the JDK that the loop's thread is in at this moment; empty if it is in none. */
    Optional<StackTraceElement> position() {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> !JDK.matcher(frame.getClassName()).find())
                .findFirst();
    }

    /** Returns what ended the loop although nobody had stopped it; empty while the loop runs or after {@link #stop}. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
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
        } catch (Throwable e) {
            failure = e;
            LOG.error("loop {} has ended, and its connections with it: its selector failed", thread.getName(), e);
        } finally {
            end();
        }
    }

    private void turn() throws IOException {
        refreshNow();
        long wait = timers.nanosToNext(now);
        if (!paused.isEmpty()) {
            wait = Math.min(wait, PAUSE_NANOS);
        }
        nowIsOld = true;
        if (wait == 0 || !tasks.isEmpty()) {
            selector.selectNow(this::sort);
        } else if (wait == Long.MAX_VALUE) {
            selector.select(this::sort);
        } else {
            selector.select(this::sort, wait / NANOS_PER_MILLI + 1);
        }
        for (SelectionKey key; (key = later.poll()) != null; ) {
            handle(key);
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
        if (!paused.isEmpty() && !budget.isTight()) {
            resumePaused();
        }
    }

    private void resumePaused() {
        List<Connection> all = List.copyOf(paused);
        paused.clear();
        all.forEach(Connection::resumeReading);
        runDeferred();
    }

    /** Returns whether a connection may be read from, as far as the buffers go. */
    boolean hasRoomFor(boolean holdsSomething) {
        return holdsSomething ? !budget.isTight() : !budget.isFull();
    }

    /** Has the connection's {@link Connection#resumeReading} called when there is room in the buffers again. */
    void pause(Connection connection) {
        paused.add(connection);
    }

    /** The budget that the loop's connections share with those of other loops. */
    public BufferBudget budget() {
        return budget;
    }

    /** The bytes that the loop's connections hold. */
    BufferBudget.Gauge buffers() {
        return buffers;
    }

    /** Handles the events of connections to servers at once, and puts the others aside. */
    private void sort(SelectionKey key) {
        if (key.attachment() instanceof KeyHandler handler && handler.comesFirst()) {
            handle(key);
        } else {
            later.add(key);
        }
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
            crash(handler, closedByAnEarlierEvent);
        } catch (Throwable e) {
            crash(handler, e);
            log("an event of loop {} failed; its connection is closed", e);
        }
    }

    private void crash(KeyHandler handler, Throwable cause) {
        try {
            handler.crashed(cause);
        } catch (Throwable e) {
            log("closing a connection of loop {} failed", e);
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
        } catch (Throwable e) {
            log("a task of loop {} failed", e);
        }
    }

    /** Logs what was thrown; what the log throws, which it does where memory is short, is dropped. */
    private void log(String message, Throwable thrown) {
        try {
            LOG.error(message, thread.getName(), ThrownText.printable(thrown));
        } catch (Throwable e) {
            thrown.addSuppressed(e);
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
