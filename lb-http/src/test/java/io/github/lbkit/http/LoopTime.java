package io.github.lbkit.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The CPU time of this process: one whose loops wait for events uses nearly none. */
final class LoopTime {
    /** Ten ticks of the kernel's accounting. */
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private long since = System.nanoTime();
    private long used = usedNanos();

    private LoopTime() {}

    /** Waits until the process uses less than a quarter of a processor; fails after 20 seconds. */
    static void awaitRest() {
        LoopTime time = new LoopTime();
        Await.until("the process rests", time::rested);
    }

    private boolean rested() {
        long now = System.nanoTime();
        if (now - since < WINDOW_NANOS) {
            return false;
        }
        long usedNow = usedNanos();
        boolean rested = usedNow - used < (now - since) / 4;
        since = now;
        used = usedNow;
        return rested;
    }

    private static long usedNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElseThrow();
    }
}
