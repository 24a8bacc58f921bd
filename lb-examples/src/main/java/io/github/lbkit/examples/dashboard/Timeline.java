package io.github.lbkit.examples.dashboard;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** The last failures, recoveries and changes, newest first. Thread-safe. */
final class Timeline {
    private static final int KEPT = 200;

    private final Supplier<Instant> now;

    /** Guarded by itself. */
    private final Deque<Entry> entries = new ArrayDeque<>();

    private long next;

    /** What an entry means for the pool. */
    enum Kind {
        /** Something failed. */
        FAILURE,
        /** Something is well again. */
        RECOVERY,
        /** Something changed, on purpose or on the way to a recovery. */
        CHANGE
    }

    /**
     * One thing that happened.
     *
     * @param number rises with each
     * @param server the server's id
     * @param text what happened to it, for people
     */
    record Entry(long number, Instant at, Kind kind, String server, String text) {}

    Timeline(Supplier<Instant> now) {
        this.now = now;
    }

    void add(Kind kind, String server, String text) {
        synchronized (entries) {
            entries.addFirst(new Entry(next++, now.get(), kind, server, text));
            if (entries.size() > KEPT) {
                entries.removeLast();
            }
        }
    }

    /** The newest ones, newest first. */
    List<Entry> newest(int count) {
        synchronized (entries) {
            return entries.stream().limit(count).toList();
        }
    }
}
