package io.github.lbkit.api.internal.pool;

/**
 * The state of life of one serving instance: what its liveness probe says, and what the launcher says of the instance's own
 * health check. Confined to the pool's loop.
 */
public final class LivenessState {
    private boolean failing;
    private long failingSinceNanos;
    private String probeVerdict = "";
    private String launcherVerdict = "";

    /** Notes one answer of the liveness probe. */
    public void answered(boolean passed, long nowNanos) {
        if (!passed && !failing) {
            failingSinceNanos = nowNanos;
        }
        failing = !passed;
    }

    /** Notes the verdict of the liveness probe, reached by its threshold. */
    public void judged(boolean alive, String reason) {
        probeVerdict = alive ? "" : "its liveness probe fails: " + reason;
    }

    /** Notes what the launcher says of the instance's own health check; an empty reason means that it passes. */
    public void reported(String reason, long nowNanos) {
        if (!reason.isEmpty() && !isSuspect()) {
            failingSinceNanos = nowNanos;
        }
        launcherVerdict = reason;
    }

    /** Returns whether the newest answer was a failure, so that the instance may turn out to be unfit. */
    public boolean isSuspect() {
        return failing || isUnfit();
    }

    /** Returns whether the instance is to be replaced, as far as its own state tells. */
    public boolean isUnfit() {
        return !probeVerdict.isEmpty() || !launcherVerdict.isEmpty();
    }

    /** Why the instance is unfit; empty if it is not. */
    public String reason() {
        return launcherVerdict.isEmpty() ? probeVerdict : launcherVerdict;
    }

    /** When the failures in a row began; meaningful while the instance is suspect. */
    public long failingSinceNanos() {
        return failingSinceNanos;
    }
}
