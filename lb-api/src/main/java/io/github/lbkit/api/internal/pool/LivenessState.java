package io.github.lbkit.api.internal.pool;

/**
 * The liveness of one serving instance, from its liveness probe and from the health check that its launcher reports.
 * Confined to the pool's loop.
 */
public final class LivenessState {
    private boolean failing;
    private long failingSinceNanos;
    private String probeVerdict = "";
    private String launcherVerdict = "";

    /** Records one result of the liveness probe. */
    public void answered(boolean passed, long nowNanos) {
        if (!passed && !failing) {
            failingSinceNanos = nowNanos;
        }
        failing = !passed;
    }

    /** Returns the reason why the instance is unfit; empty if it is not. */
    public void judged(boolean alive, String reason) {
        probeVerdict = alive ? "" : "its liveness probe fails: " + reason;
    }

    /**
     * Records the launcher's report of the instance's own health check; an empty reason means that the check passes.
     */
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

    /** Returns the time of the first failure in a row; meaningful only while the instance is suspect. */
    public long failingSinceNanos() {
        return failingSinceNanos;
    }
}
