package io.github.lbkit.examples.dashboard;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** The newest failures, recoveries and changes, at most 200. Thread-safe. */
final class Timeline {
    private static final int MAX_ENTRIES = 200;

    private final Supplier<Instant> now;

    /** The entries, newest first; guarded by its own monitor. */
    private final Deque<Entry> entries = new ArrayDeque<>();

    private long next;

    /** The meaning of an entry for the pool. */
    enum Kind {
        /** A failure. */
        FAILURE,
        /** The end of a failure. */
        RECOVERY,
        /** A change by an operator, or a step of a recovery. */
        CHANGE
    }

    /**
     * One entry.
     *
     * @param number the number of the entry, which rises by 1
     * @param server the id of the server
     * @param text the event, for people
     */
    record Entry(long number, Instant at, Kind kind, String server, String text) {}

    Timeline(Supplier<Instant> now) {
        this.now = now;
    }

    void add(Kind kind, String server, String text) {
        synchronized (entries) {
            entries.addFirst(new Entry(next++, now.get(), kind, server, text));
            if (entries.size() > MAX_ENTRIES) {
                entries.removeLast();
            }
        }
    }

    /** Returns the newest entries, newest first. */
    List<Entry> newest(int count) {
        synchronized (entries) {
            return entries.stream().limit(count).toList();
        }
    }
}
