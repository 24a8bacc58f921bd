package io.github.lbkit.http.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections of clients there are on all loops, and how many there may be. Thread-safe. */
public final class ConnectionCount {
    private final int limit;
    private final AtomicInteger count = new AtomicInteger();

    /** The loops whose connections count. Filled before the loops start. */
    private final List<ConnectionTaker> takers = new ArrayList<>();

    /** Acceptors that wait for a place; they write, whoever gives one back takes them. */
    private final CopyOnWriteArrayList<Runnable> waiting = new CopyOnWriteArrayList<>();

    /** None yet, and at most so many. */
    public ConnectionCount(int limit) {
        this.limit = limit;
    }

    /** Adds a loop whose connections count; before the loops start. */
    public void add(ConnectionTaker taker) {
        takers.add(taker);
    }

    /** Takes a place; false if all are taken. */
    boolean tryTake() {
        if (count.incrementAndGet() <= limit) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** Gives a place back. */
    public void give() {
        count.decrementAndGet();
        if (!waiting.isEmpty()) {
            wakeWaiting();
        }
    }

    /** Runs this once when there may be a place again; a task that waits already is not added again. */
    void whenFree(Runnable task) {
        waiting.addIfAbsent(task);
        if (count.get() < limit) {
            wakeWaiting();
        }
    }

    /**
     * Has the loop with the longest idle connection close that connection.
     *
     * @param now on the loops' clock
     * @param otherwise runs, on some loop, if the connection is not idle any more when the loop looks
     * @return false if no connection is idle
     */
    boolean closeLongestIdle(long now, Runnable otherwise) {
        ConnectionTaker longest = null;
        long longestNanos = 0;
        for (ConnectionTaker taker : takers) {
            long since = taker.idleSince();
            if (since != ConnectionTaker.NONE && now - since >= longestNanos) {
                longest = taker;
                longestNanos = now - since;
            }
        }
        if (longest == null) {
            return false;
        }
        longest.closeLongestIdle(otherwise);
        return true;
    }

    private void wakeWaiting() {
        List.copyOf(waiting).forEach(task -> {
            if (waiting.remove(task)) {
                task.run();
            }
        });
    }
}
