package io.github.lbkit.http.internal.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The maximum number of client connections on all loops together, and the number in use. Thread-safe. */
public final class ConnectionLimit {
    private final int limit;
    private final AtomicInteger count = new AtomicInteger();

    /** The loops whose connections count. Filled before the loops start. */
    private final List<ConnectionReceiver> receivers = new ArrayList<>();

    /** Tasks of acceptors that wait for a permit. Acceptors add, the thread that releases a permit removes. */
    private final CopyOnWriteArrayList<Runnable> waiting = new CopyOnWriteArrayList<>();

    /** Creates a limit of which no permit is in use. */
    public ConnectionLimit(int limit) {
        this.limit = limit;
    }

    /** Adds a loop whose connections count. Must be called before the loops start. */
    public void add(ConnectionReceiver receiver) {
        receivers.add(receiver);
    }

    /** Takes a permit for one connection. Returns false if all permits are in use. */
    boolean tryAcquire() {
        if (count.incrementAndGet() <= limit) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** Returns a permit. */
    void release() {
        count.decrementAndGet();
        if (!waiting.isEmpty()) {
            wakeWaiting();
        }
    }

    /** Runs the task once when a permit may be free. A task that waits already is not added again. */
    void whenFree(Runnable task) {
        waiting.addIfAbsent(task);
        if (count.get() < limit) {
            wakeWaiting();
        }
    }

    /**
     * Requests that the loop with the longest idle connection closes that connection.
     *
     * @param now the time of the loops' clock, in nanoseconds
     * @param otherwise a task that runs on that loop if its connection is not idle any more
     * @return false if no connection is idle
     */
    boolean closeLongestIdle(long now, Runnable otherwise) {
        ConnectionReceiver longest = null;
        long longestNanos = 0;
        for (ConnectionReceiver receiver : receivers) {
            long since = receiver.idleSince();
            if (since != ConnectionReceiver.NONE && now - since >= longestNanos) {
                longest = receiver;
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
