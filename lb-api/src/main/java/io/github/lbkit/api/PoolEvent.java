package io.github.lbkit.api;

import java.time.Duration;

/** An event in a pool, for listeners, logs and metrics. */
public sealed interface PoolEvent {
    /** An event about one server of the pool. */
    sealed interface OfServer extends PoolEvent {
        /** The instance that the event is about. */
        InstanceId instance();

        /** The id of the instance's server. */
        default String id() {
            return instance().serverId();
        }

        /** The generation of the instance. */
        default long generation() {
            return instance().generation();
        }
    }

    /**
     * The event stream of the pool's source had ended, for this reason, and is followed again after this time; the pool
     * searches for changes during the gap.
     */
    record StreamReopened(String reason, Duration silence) implements PoolEvent {}

    /** More than half of the serving instances fail at once: no instance is replaced for now. */
    record ReplacingHeld(int failing, int serving) implements PoolEvent {}

    /** At most half of the serving instances fail: unfit instances are replaced again, one at a time. */
    record ReplacingResumed(int serving) implements PoolEvent {}

    /** The launch of an instance has begun. */
    record Launching(InstanceId instance, boolean replacement) implements OfServer {}

    /** An instance has become ready, this long after its launch began. */
    record Ready(InstanceId instance, Duration sinceLaunch) implements OfServer {}

    /** A launch has failed: the launch was impossible, the instance died, or was not ready in time. */
    record LaunchFailed(InstanceId instance, String reason) implements OfServer {}

    /** An instance that served is dead or unfit. */
    record Lost(InstanceId instance, String reason) implements OfServer {}

    /** An instance runs but is unfit; a replacement is launched, and takes over when it is ready. */
    record Unfit(InstanceId instance, String reason) implements OfServer {}

    /** A replacement is delayed by this time, since earlier launches failed. */
    record BackingOff(InstanceId instance, Duration delay) implements OfServer {}

    /** A drain has ended. */
    record Drained(InstanceId instance, DrainResult result) implements OfServer {}

    /** An instance was stopped, or was found dead when it was about to be stopped. */
    record Stopped(InstanceId instance) implements OfServer {}

    /** An instance that a previous owner launched now serves in this pool. */
    record Adopted(InstanceId instance) implements OfServer {}

    /** An instance that a previous owner launched does not belong to this pool and is being stopped. */
    record Retired(InstanceId instance, String reason) implements OfServer {}
}
