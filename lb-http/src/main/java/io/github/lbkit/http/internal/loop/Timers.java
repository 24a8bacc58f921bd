package io.github.lbkit.http.internal.loop;

import io.github.lbkit.api.internal.ThrownText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of a loop: a hashed timer wheel with ticks of {@value #TICK_MILLIS} ms. Setting, moving and stopping a
 * timer takes O(1) and allocates nothing. A timer runs at most one tick late and never early. Confined to its loop.
 *
 * <p>A timer whose deadline moves further away stays in its slot. The wheel moves it when it reaches that slot.
 */
public final class Timers {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final int TICK_MILLIS = 10;
    private static final long TICK_NANOS = TICK_MILLIS * 1_000_000L;
    private static final int SLOTS = 1024;

    private final long origin;
    private final Timer[] slots = new Timer[SLOTS];
    private final long[] occupied = new long[SLOTS / 64];
    private final Timer due = newList();

    /** The last tick whose timers have run. */
    private long lastTick;

    /** Creates a wheel without timers, whose first tick begins at this time. */
    public Timers(long nowNanos) {
        origin = nowNanos;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = newList();
        }
    }

    /** Sets or replaces the deadline of a timer. */
    public void set(Timer timer, long deadlineNanos) {
        timer.deadline = deadlineNanos;
        timer.running = true;
        long tick = tickOf(deadlineNanos);
        if (timer.after == null) {
            place(timer, tick);
        } else if (tick < timer.tick) {
            unlink(timer);
            place(timer, tick);
        }
    }

    /** Stops a timer but leaves it in the wheel: the cheaper way if the timer is set again soon. */
    public void stop(Timer timer) {
        timer.running = false;
    }

    /** Stops a timer and removes it from the wheel. */
    public void remove(Timer timer) {
        timer.running = false;
        if (timer.after != null) {
            unlink(timer);
        }
    }

    /** Runs all timers whose deadline has passed. */
    public void advance(long nowNanos) {
        long last = Math.floorDiv(nowNanos - origin, TICK_NANOS);
        if (last <= lastTick) {
            return;
        }
        long first = Math.max(lastTick + 1, last - SLOTS + 1);
        lastTick = last;
        for (long tick = first; tick <= last; tick++) {
            int slot = (int) (tick & (SLOTS - 1));
            if ((occupied[slot >>> 6] & (1L << slot)) != 0) {
                occupied[slot >>> 6] &= ~(1L << slot);
                moveToDue(slots[slot]);
                runDue(nowNanos);
            }
        }
    }

    /** Returns the time to the next occupied tick in nanoseconds; {@link Long#MAX_VALUE} if the wheel is empty. */
    public long nanosToNext(long nowNanos) {
        long tick = lastTick + 1;
        for (int words = 0; words <= occupied.length; words++) {
            int slot = (int) (tick & (SLOTS - 1));
            long word = occupied[slot >>> 6] >>> slot; // shifts by the lowest six bits
            if (word != 0) {
                long next = tick + Long.numberOfTrailingZeros(word);
                return Math.max(0, origin + next * TICK_NANOS - nowNanos);
            }
            tick += 64 - (slot & 63);
        }
        return Long.MAX_VALUE;
    }

    private void runDue(long nowNanos) {
        for (Timer timer; (timer = first(due)) != null; ) {
            unlink(timer);
            if (!timer.running) {
                continue;
            }
            if (timer.deadline - nowNanos > 0) {
                place(timer, tickOf(timer.deadline));
            } else {
                timer.running = false;
                run(timer);
            }
        }
    }

    private static void run(Timer timer) {
        try {
            timer.action.run();
        } catch (Throwable e) { // the loop and its other timers go on
            LOG.error("a timer failed", ThrownText.printable(e));
        }
    }

    private long tickOf(long deadlineNanos) {
        return Math.max(lastTick + 1, Math.floorDiv(deadlineNanos - origin + TICK_NANOS - 1, TICK_NANOS));
    }

    private void place(Timer timer, long tick) {
        int slot = (int) (tick & (SLOTS - 1));
        occupied[slot >>> 6] |= 1L << slot;
        timer.tick = tick;
        link(slots[slot], timer);
    }

    /** Moves the timers of a slot to the due list, so that their actions may change the wheel meanwhile. */
    private void moveToDue(Timer slot) {
        for (Timer timer; (timer = first(slot)) != null; ) {
            unlink(timer);
            link(due, timer);
        }
    }

    /** Returns an empty circular list: a timer that is never set, linked to itself. */
    private static Timer newList() {
        Timer list = new Timer(() -> {});
        list.before = list;
        list.after = list;
        return list;
    }

    private static @Nullable Timer first(Timer list) {
        return list.after == list ? null : list.after;
    }

    private static void link(Timer list, Timer timer) {
        Timer last = list.before;
        if (last != null) {
            last.after = timer;
        }
        timer.before = last;
        timer.after = list;
        list.before = timer;
    }

    private static void unlink(Timer timer) {
        Timer before = timer.before;
        Timer after = timer.after;
        if (before != null && after != null) {
            before.after = after;
            after.before = before;
        }
        timer.before = null;
        timer.after = null;
    }
}
