package io.github.lbkit.http.internal.loop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections of clients there are on all loops, and how many there may be. Thread-safe. */
public final class ConnectionCount {
    private final int limit;
    private final AtomicInteger count = new AtomicInteger();

    /** Acceptors that wait for a place; they write, whoever gives one back takes them. */
    private final List<Runnable> waiting = new CopyOnWriteArrayList<>();

    /** None yet, and at most so many. */
    public ConnectionCount(int limit) {
        this.limit = limit;
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

    /** Runs this once when there may be a place again. */
    void whenFree(Runnable task) {
        waiting.add(task);
        if (count.get() < limit) {
            wakeWaiting();
        }
    }

    private void wakeWaiting() {
        List.copyOf(waiting).forEach(task -> {
            if (waiting.remove(task)) {
                task.run();
            }
        });
    }
}
