package io.github.lbkit.docker.internal.engine;

/** Pauses between attempts that double from a first to a longest one. Not thread-safe. */
public final class DoublingPauses {
    private final long firstMillis;
    private final long longestMillis;
    private long nextMillis;

    /** Creates a backoff whose first pause is {@code firstMillis}. */
    public DoublingPauses(long firstMillis, long longestMillis) {
        this.firstMillis = firstMillis;
        this.longestMillis = longestMillis;
        nextMillis = firstMillis;
    }

    /** Returns the next pause in milliseconds, and doubles the one after it. */
    public long next() {
        long pause = nextMillis;
        nextMillis = Math.min(longestMillis, nextMillis * 2);
        return pause;
    }

    /** Starts again with the first pause. */
    public void reset() {
        nextMillis = firstMillis;
    }
}
