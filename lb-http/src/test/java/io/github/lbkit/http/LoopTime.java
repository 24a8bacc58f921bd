package io.github.lbkit.http;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/** The CPU time of a loop's thread: a loop that waits for events uses none. */
final class LoopTime {
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long id;
    private long since = System.nanoTime();
    private long used;

    private LoopTime(long id) {
        this.id = id;
        used = threads.getThreadCpuTime(id);
    }

    /** Waits until the thread of this name uses less than a fifth of a processor; fails after 20 seconds. */
    static void awaitRest(String name) {
        Thread loop = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals(name))
                .findFirst()
                .orElseThrow();
        LoopTime time = new LoopTime(loop.getId());
        Await.until("thread " + name + " rests", time::rested);
    }

    private boolean rested() {
        long now = System.nanoTime();
        if (now - since < WINDOW_NANOS) {
            return false;
        }
        long usedNow = threads.getThreadCpuTime(id);
        boolean rested = usedNow - used < (now - since) / 5;
        since = now;
        used = usedNow;
        return rested;
    }
}
