package io.github.lbkit.http.internal.loop;

import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.http.internal.transport.IoBuffers;
import java.io.IOException;
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
 * One thread that handles the events of its channels, its timers, and the tasks that other threads submit. Code that it
 * calls must not block. A {@code Throwable} of an event, a task or a timer ends the connection concerned and nothing
 * else.
 *
 * <p>In each turn, the events of handlers with priority (connections to servers) are handled before all others. So the
 * loop knows what a server has sent, and whether it has closed a connection, before a request reuses that connection.
 *
 * <p>{@link #execute}, {@link #stop}, {@link #awaitEnd}, {@link #failure}, {@link #name}, {@link #isStopped} and {@link
 * #position} are thread-safe. All other methods are confined to the loop's thread.
 */
public final class EventLoop implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final Pattern JDK_CLASS = Pattern.compile("^(java|javax|jdk|sun)\\.");
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The longest sleep while readers are paused: the loop does not learn that another loop has freed buffers. */
    private static final long MAX_PAUSED_SLEEP_NANOS = 50 * NANOS_PER_MILLI;

    private final LongSupplier clock;
    private final BufferBudget budget;
    private final BufferBudget.Gauge gauge;

    /** Connections that do not read because the buffers are full. */
    private final List<PausedReader> paused = new ArrayList<>();

    private final Selector selector;
    private final Thread thread;
    private final Timers timers;
    private final Input input = new Input();
    private final IoBuffers ioBuffers = new IoBuffers(Input.READ_SIZE, Input.READ_SIZE + 16 * 1024);
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();

    /** The submitted tasks of the current turn. */
    private final ArrayDeque<Runnable> current = new ArrayDeque<>();

    /** The ready keys of the current turn whose handlers have no priority. */
    private final ArrayDeque<SelectionKey> withoutPriority = new ArrayDeque<>();

    /** Submitted tasks. Any thread adds, the loop removes. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** True if the selector was woken in this turn. Orders a write to {@link #tasks} before the loop's next read. */
    private final AtomicBoolean woken = new AtomicBoolean();

    /** True if the loop is to end. Written by any thread, read by the loop. */
    private volatile boolean stopped;

    /**
     * The failure that ended the loop; null while it runs and after {@link #stop}. Written by the loop, read by any
     * thread.
     */
    private volatile @Nullable Throwable failure;

    private long now;

    /** True if the loop has slept since {@link #now} was read. */
    private boolean nowIsStale;

    /**
     * Creates a loop that is not started, whose buffers are not bounded.
     *
     * @param clock the time in nanoseconds from any origin
     */
    public EventLoop(String name, LongSupplier clock) throws IOException {
        this(name, clock, BufferBudget.unlimited());
    }

    /**
     * Creates a loop that is not started.
     *
     * @param clock the time in nanoseconds from any origin
     * @param budget the bound on the bytes that the connections of the loop hold
     */
    public EventLoop(String name, LongSupplier clock, BufferBudget budget) throws IOException {
        this.clock = clock;
        this.budget = budget;
        gauge = budget.newGauge();
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

    /** Runs the task soon on this loop, also if called on the loop. After {@link #stop} no task runs any more. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    /** Runs the task after the current event, when {@link #input} is free again. */
    public void defer(Runnable task) {
        deferred.add(task);
    }

    /** Returns the time at the beginning of the current event, in nanoseconds of the loop's clock. */
    public long now() {
        return now;
    }

    /** Returns the timers of the loop. */
    public Timers timers() {
        return timers;
    }

    /** Returns whether the calling thread is the loop's thread. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Ends the loop after the current event, and closes the channels that it owns. */
    public void stop() {
        stopped = true;
        selector.wakeup();
        if (thread.getState() == Thread.State.NEW) {
            end();
        }
    }

    /** Waits until the loop has ended, at most this long. Returns whether it has ended. */
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

    /** Returns whether {@link #stop} was called, or the loop has ended. */
    boolean isStopped() {
        return stopped;
    }

    /** Returns the innermost stack frame of the loop's thread outside the JDK; empty if there is none. */
    Optional<StackTraceElement> position() {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> !JDK_CLASS.matcher(frame.getClassName()).find())
                .findFirst();
    }

    /** Returns the failure that ended the loop; empty while the loop runs and after {@link #stop}. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    Input input() {
        return input;
    }

    /** Returns the direct buffers for the transports of the loop. */
    public IoBuffers ioBuffers() {
        return ioBuffers;
    }

    /** Registers a channel whose events this handler receives. */
    public SelectionKey register(SelectableChannel channel, int operations, ChannelHandler handler)
            throws ClosedChannelException {
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
            wait = Math.min(wait, MAX_PAUSED_SLEEP_NANOS);
        }
        nowIsStale = true;
        if (wait == 0 || !tasks.isEmpty()) {
            selector.selectNow(this::handleByPriority);
        } else if (wait == Long.MAX_VALUE) {
            selector.select(this::handleByPriority);
        } else {
            selector.select(this::handleByPriority, wait / NANOS_PER_MILLI + 1);
        }
        for (SelectionKey key; (key = withoutPriority.poll()) != null; ) {
            handle(key);
        }
        woken.set(false);
        refreshNow();
        for (Runnable task; (task = tasks.poll()) != null; ) {
            current.add(task);
        }
        for (Runnable task; (task = current.poll()) != null; ) {
            run(task); // tasks that it submits run in the next turn
        }
        timers.advance(now);
        runDeferred();
        if (!paused.isEmpty() && !budget.isTight()) {
            resumePaused();
        }
    }

    private void resumePaused() {
        List<PausedReader> all = List.copyOf(paused);
        paused.clear();
        all.forEach(PausedReader::resumeReading);
        runDeferred();
    }

    /** Returns whether the buffers have room for the input of a connection. */
    boolean hasRoomFor(boolean holdsSomething) {
        return holdsSomething ? !budget.isTight() : !budget.isFull();
    }

    /** Calls {@link PausedReader#resumeReading} when there is room in the buffers again. */
    void pause(PausedReader reader) {
        paused.add(reader);
    }

    /** Returns the budget of buffered bytes, which the loops of a proxy share. */
    public BufferBudget budget() {
        return budget;
    }

    /** Returns the gauge of the bytes that the connections of this loop hold. */
    BufferBudget.Gauge gauge() {
        return gauge;
    }

    /** Handles the event of a handler with priority at once, and queues any other. */
    private void handleByPriority(SelectionKey key) {
        if (key.attachment() instanceof ChannelHandler handler && handler.hasPriority()) {
            handle(key);
        } else {
            withoutPriority.add(key);
        }
    }

    private void handle(SelectionKey key) {
        if (nowIsStale) {
            refreshNow();
        }
        ChannelHandler handler = (ChannelHandler) key.attachment();
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

    private void crash(ChannelHandler handler, Throwable cause) {
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

    /** Logs a failure. A failure of the logger itself, for example for want of memory, is ignored. */
    private void log(String message, Throwable thrown) {
        try {
            LOG.error(message, thread.getName(), ThrownText.printable(thrown));
        } catch (Throwable e) {
            thrown.addSuppressed(e);
        }
    }

    private void refreshNow() {
        now = clock.getAsLong();
        nowIsStale = false;
    }

    private void end() {
        stopped = true;
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof ChannelHandler handler && !handler.ownsChannel()) {
                key.cancel();
                continue;
            }
            try {
                key.channel().close();
            } catch (IOException e) {
                // the process has released the channel all the same
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("selector of loop {}", thread.getName(), e);
        }
    }
}
