package io.github.lbkit.http;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, by looking again and again until a deadline. */
public final class Await {
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private Await() {}

    /** Waits until this is so; fails with what it stood for otherwise. */
    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /** Waits until this is so; fails with what it stood for otherwise. */
    public static void until(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain for: " + what.get());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
