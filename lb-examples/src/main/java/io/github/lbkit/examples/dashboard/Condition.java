package io.github.lbkit.examples.dashboard;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.OperatorOverride;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerStatus;

/** How a server stands, in one word: what of its state, the operator's word and its health says the most. */
enum Condition {
    /** It gets requests. */
    READY,
    /** It is desired and not ready yet. */
    STARTING,
    /** It is on its way out. */
    DRAINING,
    /** The operator holds it back. */
    HELD,
    /** It was taken out because of its traffic. */
    EJECTED,
    /** Its probes fail. */
    UNHEALTHY,
    /** It is gone; a replacement is on its way if the pool makes any. */
    DOWN;

    static Condition of(ServerStatus status, Traffic.OfServer traffic) {
        Server server = status.server();
        long generation = server.instance().map(Instance::generation).orElse(-1L);
        return switch (server.state()) {
            case STARTING -> STARTING;
            case DRAINING -> DRAINING;
            case DOWN -> DOWN;
            case READY ->
                status.operator() != OperatorOverride.NONE
                        ? HELD
                        : traffic.isUnhealthy(generation) ? UNHEALTHY : traffic.isEjected(generation) ? EJECTED : READY;
        };
    }

    /** Whether something is wrong with it. */
    boolean isTrouble() {
        return this == EJECTED || this == UNHEALTHY || this == DOWN;
    }
}
