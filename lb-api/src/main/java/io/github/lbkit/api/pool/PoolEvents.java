package io.github.lbkit.api.pool;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolEvent;

/** Conversions of events that one pool passes on for another. */
final class PoolEvents {
    private PoolEvents() {}

    /** Returns the event with this prefix before its server id; an event without a server stays as it is. */
    static PoolEvent prefixed(String prefix, PoolEvent event) {
        return event instanceof PoolEvent.OfServer ofServer && !prefix.isEmpty()
                ? about(prefix + ofServer.id(), ofServer)
                : event;
    }

    private static PoolEvent about(String id, PoolEvent.OfServer event) {
        if (event instanceof PoolEvent.Launching e) {
            return new PoolEvent.Launching(new InstanceId(id, e.generation()), e.replacement());
        } else if (event instanceof PoolEvent.Ready e) {
            return new PoolEvent.Ready(new InstanceId(id, e.generation()), e.sinceLaunch());
        } else if (event instanceof PoolEvent.LaunchFailed e) {
            return new PoolEvent.LaunchFailed(new InstanceId(id, e.generation()), e.reason());
        } else if (event instanceof PoolEvent.Lost e) {
            return new PoolEvent.Lost(new InstanceId(id, e.generation()), e.reason());
        } else if (event instanceof PoolEvent.Unfit e) {
            return new PoolEvent.Unfit(new InstanceId(id, e.generation()), e.reason());
        } else if (event instanceof PoolEvent.BackingOff e) {
            return new PoolEvent.BackingOff(new InstanceId(id, e.generation()), e.delay());
        } else if (event instanceof PoolEvent.Drained e) {
            return new PoolEvent.Drained(new InstanceId(id, e.generation()), e.result());
        } else if (event instanceof PoolEvent.Stopped e) {
            return new PoolEvent.Stopped(new InstanceId(id, e.generation()));
        } else if (event instanceof PoolEvent.Adopted e) {
            return new PoolEvent.Adopted(new InstanceId(id, e.generation()));
        } else if (event instanceof PoolEvent.Retired e) {
            return new PoolEvent.Retired(new InstanceId(id, e.generation()), e.reason());
        }
        throw new IllegalArgumentException("an event of an unknown kind: " + event);
    }
}
