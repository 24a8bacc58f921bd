package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.pool.supervised.PoolState;
import java.util.List;
import java.util.Optional;

/**
 * A lease that another process holds or has left behind. Immutable.
 *
 * @param id the engine's id of the lease's container
 * @param holder the process that holds the lease, in the form of {@link ProcessIdentity}
 * @param configured the hash of the holder's configuration
 * @param content the counter and the state
 * @param state the stored state of the pool; empty if none was stored
 */
record ForeignLease(String id, String holder, String configured, String content, Optional<PoolState> state) {
    /** The content's first line after the holder has released the lease. */
    static final String RELEASED = "released";

    /** The ids of the desired servers; empty if the holder has stored none. */
    List<String> desired() {
        return state.map(PoolState::desired).orElse(List.of());
    }

    /** Returns true if the holder has released the lease and left the state of the pool in it. */
    boolean isReleased() {
        return content.startsWith(RELEASED);
    }

    /** Returns true if the holder is known to have ended without a release. */
    boolean isOrphan() {
        return ProcessIdentity.hasEnded(holder);
    }
}
