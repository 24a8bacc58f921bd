package io.github.lbkit.api.internal.protection;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import org.jspecify.annotations.Nullable;

/** The source of the newest snapshot and of the loads of present instances. Implementations are thread-safe. */
public interface LoadRegistry {
    /** Returns the newest snapshot, by one volatile read. */
    Snapshot snapshot();

    /**
     * Returns the load of an instance of the current membership; null if the membership does not contain the instance.
     */
    @Nullable
    ServerLoad load(InstanceId id);
}
