package io.github.lbkit.api.health;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on retries in proportion to requests, which protects a failing pool from a flood of retries. A token bucket:
 * each request adds {@code ratio} tokens, time adds {@code perSecond} tokens, and a retry takes one token. The bucket
 * holds the tokens of ten seconds and of 1,000 requests, and at least one; concurrent requests may add a few more.
 * Thread-safe, no lock. The idea is Finagle's {@code RetryBudget}, whose tokens expire after ten seconds; these do not.
 */
public final class RetryBudget {
    private static final long TOKEN = 1_000_000;
    private static final double SECONDS_HELD = 10;
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final long perRequest;
    private final double perNano;
    private final long most;

    /** Tokens in millionths; every thread writes by atomic operations. */
    private final AtomicLong tokens;

    /** The time up to which tokens were added; the thread that advances it adds the tokens. */
    private final AtomicLong paidUntil = new AtomicLong(Long.MIN_VALUE);

    /**
     * Creates a budget with the tokens of ten seconds.
     *
     * @param ratio the number of retries for each request, 0 to 10
     * @param perSecond the number of retries per second that are always possible, 0 to 1,000,000
     */
    public RetryBudget(double ratio, double perSecond) {
        if (!(ratio >= 0 && ratio <= 10)) {
            throw new IllegalArgumentException("retry budget ratio " + ratio + " is not 0 to 10");
        }
        if (!(perSecond >= 0 && perSecond <= 1_000_000)) {
            throw new IllegalArgumentException("retry budget perSecond " + perSecond + " is not 0 to 1000000");
        }
        perRequest = (long) (ratio * TOKEN);
        perNano = perSecond * TOKEN / NANOS_PER_SECOND;
        long ofTime = (long) (perSecond * SECONDS_HELD * TOKEN);
        most = Math.max(TOKEN, ofTime + (long) (ratio * 1_000 * TOKEN));
        tokens = new AtomicLong(ofTime);
    }

    /** Adds the tokens of one request. */
    public void request() {
        if (perRequest > 0 && tokens.get() < most) {
            tokens.addAndGet(perRequest);
        }
    }

    /** Takes the token of one retry; returns false if no token is left. */
    public boolean tryRetry(long nowNanos) {
        pay(nowNanos);
        for (; ; ) {
            long now = tokens.get();
            if (now < TOKEN) {
                return false;
            }
            if (tokens.compareAndSet(now, now - TOKEN)) {
                return true;
            }
        }
    }

    /** Returns the number of retries that are left. */
    public long left() {
        return Math.max(0, tokens.get() / TOKEN);
    }

    private void pay(long nowNanos) {
        long since = paidUntil.get();
        if (since == Long.MIN_VALUE) {
            paidUntil.compareAndSet(since, nowNanos);
            return;
        }
        long due = (long) ((nowNanos - since) * perNano);
        if (due > 0 && paidUntil.compareAndSet(since, nowNanos)) {
            tokens.accumulateAndGet(due, (have, more) -> Math.min(most, have + more));
        }
    }
}
