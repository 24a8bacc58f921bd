package io.github.lbkit.http.internal.exchange;

/**
 * The time that a client may still be waited for while it sends the body of a request. The time begins at its longest,
 * passes only while the client is waited for, and grows again with every byte that comes, so that a body must come at a least
 * rate. Confined to its loop.
 */
final class BodyClock {
    private final long longest;
    private final double nanosPerByte;
    private long left;
    private long movedBefore;
    private long since;
    private boolean waiting;

    /**
     * A clock that stands at its longest time.
     *
     * @param longest in nanoseconds
     * @param rate the least rate, in bytes a second
     */
    BodyClock(long longest, int rate) {
        this.longest = longest;
        this.nanosPerByte = 1e9 / rate;
        left = longest;
    }

    /** Begins anew for another request. */
    void restart() {
        left = longest;
        movedBefore = 0;
        waiting = false;
    }

    /**
     * The client is waited for.
     *
     * @param moved how many bytes of the body have come in all
     * @return for how long it may be waited for from now on, at least 1 ns
     */
    long awaits(long moved, long now) {
        account(moved, now);
        waiting = true;
        return Math.max(1, left);
    }

    /** The client is not waited for. */
    void rests(long moved, long now) {
        account(moved, now);
        waiting = false;
    }

    private void account(long moved, long now) {
        if (waiting) {
            left -= now - since;
        }
        if (moved > movedBefore) {
            double earned = (double) (moved - movedBefore) * nanosPerByte;
            left = (long) Math.min((double) longest, (double) left + earned);
        }
        movedBefore = moved;
        since = now;
    }
}
