package io.github.lbkit.http.internal.h1;

/**
 * The remaining time for a client that sends the body of a request. The time begins at its maximum and passes only
 * while the proxy waits for the client. Each received byte extends the time, up to the maximum, so that the body must
 * have a minimum rate. Confined to its loop.
 */
final class BodyTimeout {
    private final long maximum;
    private final double nanosPerByte;
    private long remaining;
    private long receivedBefore;
    private long since;
    private boolean waiting;

    /**
     * Creates a timeout with the maximum time remaining.
     *
     * @param maximum the maximum time in nanoseconds
     * @param rate the minimum rate in bytes a second
     */
    BodyTimeout(long maximum, int rate) {
        this.maximum = maximum;
        this.nanosPerByte = 1e9 / rate;
        remaining = maximum;
    }

    /** Resets the remaining time to the maximum, for another request. */
    void restart() {
        remaining = maximum;
        receivedBefore = 0;
        waiting = false;
    }

    /**
     * Notes that the proxy waits for the client.
     *
     * @param received the number of bytes of the body received in all
     * @return the remaining time in nanoseconds, at least 1
     */
    long begin(long received, long now) {
        account(received, now);
        waiting = true;
        return Math.max(1, remaining);
    }

    /** Notes that the proxy does not wait for the client. */
    void pause(long received, long now) {
        account(received, now);
        waiting = false;
    }

    private void account(long received, long now) {
        if (waiting) {
            remaining -= now - since;
        }
        if (received > receivedBefore) {
            double earned = (double) (received - receivedBefore) * nanosPerByte;
            remaining = (long) Math.min((double) maximum, (double) remaining + earned);
        }
        receivedBefore = received;
        since = now;
    }
}
