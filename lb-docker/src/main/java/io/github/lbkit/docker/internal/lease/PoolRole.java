package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import org.jspecify.annotations.Nullable;

/**
 * The role of this process for a shared pool: owner, observer of another owner, or undecided. Immutable.
 *
 * @param owned the supervised pool of an owner
 * @param observer the observer of another owner
 * @param refusal the kind of refusal of a change, unless this process is the owner
 * @param refusalMessage the message of that refusal
 */
record PoolRole(
        @Nullable SupervisedPool owned, @Nullable PoolObserver observer, Reason refusal, String refusalMessage) {
    static final PoolRole UNDECIDED = undecided("it is not known yet who owns the pool");

    static PoolRole undecided(String message) {
        return new PoolRole(null, null, Reason.NOT_OWNER, message);
    }

    static PoolRole owner(SupervisedPool owned) {
        return new PoolRole(owned, null, Reason.CLOSED, "");
    }

    static PoolRole observer(PoolObserver observer, String message) {
        return new PoolRole(null, observer, Reason.NOT_OWNER, message);
    }

    /** Returns true if this process is the owner or an observer. */
    boolean isDecided() {
        return owned != null || observer != null;
    }
}
