package io.github.lbkit.api.internal.snapshot;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.internal.load.ServerLoad;
import org.jspecify.annotations.Nullable;

/** The filters that depend on the snapshot alone, in the order of {@link SkipReason}. */
public final class Filters {
    private Filters() {}

    /** Returns why no call may take the server as long as the snapshot is in use; null if calls may take the server. */
    public static @Nullable SkipReason fixed(
            @Nullable Server server, @Nullable ServerLoad load, OperatorOverride override) {
        if (server == null || load == null || server.state() != Server.State.READY) {
            return SkipReason.NOT_READY;
        }
        if (server.weight() == 0) {
            return SkipReason.NO_WEIGHT;
        }
        if (override != OperatorOverride.NONE) {
            return SkipReason.OVERRIDDEN;
        }
        return null;
    }
}
