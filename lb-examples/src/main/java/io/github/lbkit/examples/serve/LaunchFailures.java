package io.github.lbkit.examples.serve;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps why the first launches of a pool failed, for the error of a start without a server. Thread-safe. */
final class LaunchFailures implements PoolListener {
    private static final int MOST = 16;
    private static final int MOST_TOLD = 3;

    /** A pool tells its listeners shortly after it is ready. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final CountDownLatch any = new CountDownLatch(1);

    /** The reason by the server's id; guarded by this. */
    private final Map<String, String> reasons = new LinkedHashMap<>();

    @Override
    public void changed(Membership membership) {}

    @Override
    public void happened(PoolEvent event) {
        if (event instanceof PoolEvent.LaunchFailed failed) {
            synchronized (this) {
                if (reasons.size() < MOST) {
                    reasons.putIfAbsent(failed.id(), failed.reason());
                }
            }
            any.countDown();
        }
    }

    /** Waits a moment for the first failure; returns whether there is one. */
    boolean awaitAny() throws InterruptedException {
        return any.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns the reasons, each with the first server that has it. */
    synchronized String told() {
        Set<String> seen = new LinkedHashSet<>();
        StringBuilder told = new StringBuilder();
        reasons.forEach((id, reason) -> {
            if (seen.size() < MOST_TOLD && seen.add(reason)) {
                told.append(told.length() == 0 ? "" : "; ")
                        .append(id)
                        .append(": ")
                        .append(reason);
            }
        });
        return told.toString();
    }
}
