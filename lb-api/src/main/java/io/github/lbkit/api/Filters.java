package io.github.lbkit.api;

import org.jspecify.annotations.Nullable;

/** The filters of a pick that depend on the snapshot alone, in their order. What a call acquires comes after them. */
final class Filters {
    private Filters() {}

    static @Nullable SkipReason fixed(@Nullable Server server, @Nullable ServerLoad load, OperatorOverride operator) {
        if (server == null || load == null || server.state() != Server.State.READY) {
            return SkipReason.NOT_READY;
        }
        if (server.weight() == 0) {
            return SkipReason.NO_WEIGHT;
        }
        if (operator != OperatorOverride.NONE) {
            return SkipReason.OVERRIDDEN;
        }
        return null;
    }
}
