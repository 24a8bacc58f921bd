package io.github.lbkit.http.internal.loop;

import io.github.lbkit.api.internal.ThrownText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlines of a loop: a hashed wheel of {@value #TICK_MILLIS} ms ticks. Setting, moving and stopping are O(1) and
 * allocate nothing; a timer runs at most one tick late, never early. Confined to its loop.
 *
 * <p>A deadline that moves further away leaves its timer where it stands; the wheel moves it when it comes by.
 */
public final class Timers {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final int TICK_MILLIS = 10;
    private static final long TICK_NANOS = TICK_MILLIS * 1_000_000L;
    private static final int SLOTS = 1024;

    private final long origin;
    private final Timer[] slots = new Timer[SLOTS];
    private final long[] occupied = new long[SLOTS / 64];
    private final Timer due = ring();

    /** Everything up to this tick has run. */
    private long ticked;

    /** Timers that begin at this time. */
    public Timers(long nowNanos) {
        origin = nowNanos;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = ring();
        }
    }

    /** Sets the deadline, in the place of the one before. */
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

    /** Takes the deadline back; cheap where another will be set soon. */
    public void stop(Timer timer) {
        timer.running = false;
    }

    /** Takes the deadline back and holds the timer no longer. */
    public void remove(Timer timer) {
        timer.running = false;
        if (timer.after != null) {
            unlink(timer);
        }
    }

    /** Runs every timer whose deadline has come. */
    public void advance(long nowNanos) {
        long last = Math.floorDiv(nowNanos - origin, TICK_NANOS);
        if (last <= ticked) {
            return;
        }
        long first = Math.max(ticked + 1, last - SLOTS + 1);
        ticked = last;
        for (long tick = first; tick <= last; tick++) {
            int slot = (int) (tick & (SLOTS - 1));
            if ((occupied[slot >>> 6] & (1L << slot)) != 0) {
                occupied[slot >>> 6] &= ~(1L << slot);
                move(slots[slot]);
                runDue(nowNanos);
            }
        }
    }

    /** How long until {@link #advance} has something to do; {@link Long#MAX_VALUE} if no timer stands here. */
    public long nanosToNext(long nowNanos) {
        long tick = ticked + 1;
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
        return Math.max(ticked + 1, Math.floorDiv(deadlineNanos - origin + TICK_NANOS - 1, TICK_NANOS));
    }

    private void place(Timer timer, long tick) {
        int slot = (int) (tick & (SLOTS - 1));
        occupied[slot >>> 6] |= 1L << slot;
        timer.tick = tick;
        link(slots[slot], timer);
    }

    /** Moves a slot's timers to the due ones, so that what they do to the wheel disturbs no walk. */
    private void move(Timer ring) {
        for (Timer timer; (timer = first(ring)) != null; ) {
            unlink(timer);
            link(due, timer);
        }
    }

    private static Timer ring() {
        Timer ring = new Timer(() -> {});
        ring.before = ring;
        ring.after = ring;
        return ring;
    }

    private static @Nullable Timer first(Timer ring) {
        return ring.after == ring ? null : ring.after;
    }

    private static void link(Timer ring, Timer timer) {
        Timer last = ring.before;
        if (last != null) {
            last.after = timer;
        }
        timer.before = last;
        timer.after = ring;
        ring.before = timer;
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
