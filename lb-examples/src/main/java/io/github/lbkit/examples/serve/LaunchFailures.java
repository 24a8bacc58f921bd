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

/** The reasons of the first failed launches of a pool, for the error of a start without any server. Thread-safe. */
final class LaunchFailures implements PoolListener {
    private static final int MAX_KEPT = 16;
    private static final int MAX_SHOWN = 3;

    /** The time to wait for the first failure: a pool reports its events shortly after it is ready. */
    private static final long WAIT_MILLIS = 2_000;

    private final CountDownLatch any = new CountDownLatch(1);

    /** The reasons by server id; guarded by this object's monitor. */
    private final Map<String, String> reasons = new LinkedHashMap<>();

    @Override
    public void changed(Membership membership) {}

    @Override
    public void happened(PoolEvent event) {
        if (event instanceof PoolEvent.LaunchFailed failed) {
            synchronized (this) {
                if (reasons.size() < MAX_KEPT) {
                    reasons.putIfAbsent(failed.id(), failed.reason());
                }
            }
            any.countDown();
        }
    }

    /** Waits up to two seconds for the first failure; returns whether there is one. */
    boolean awaitAny() throws InterruptedException {
        return any.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns the distinct reasons, each with the first server that had it. */
    synchronized String summary() {
        Set<String> seen = new LinkedHashSet<>();
        StringBuilder text = new StringBuilder();
        reasons.forEach((id, reason) -> {
            if (seen.size() < MAX_SHOWN && seen.add(reason)) {
                text.append(text.length() == 0 ? "" : "; ")
                        .append(id)
                        .append(": ")
                        .append(reason);
            }
        });
        return text.toString();
    }
}
