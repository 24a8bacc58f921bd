package io.github.lbkit.api;

import java.time.Duration;

/** What happens in a pool, for listeners, logs and metrics. */
public sealed interface PoolEvent {
    /** What happens to one server of the pool. */
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
     * The stream on which the pool's source tells what changes had ended, for this reason, and is followed again after so
     * long; what happened meanwhile is looked for.
     */
    record StreamReopened(String reason, Duration silence) implements PoolEvent {}

    /** More than half of the serving instances fail at once: none is replaced for now. */
    record ReplacingHeld(int failing, int serving) implements PoolEvent {}

    /** Unfit instances are replaced again, one at a time: half or fewer of the serving instances fail. */
    record ReplacingResumed(int serving) implements PoolEvent {}

    /** An instance is being launched. */
    record Launching(InstanceId instance, boolean replacement) implements OfServer {}

    /** An instance has become ready, this long after its launch began. */
    record Ready(InstanceId instance, Duration sinceLaunch) implements OfServer {}

    /** A launch has failed: it could not be launched, died, or was not ready in time. */
    record LaunchFailed(InstanceId instance, String reason) implements OfServer {}

    /** An instance that served is gone or unfit. */
    record Lost(InstanceId instance, String reason) implements OfServer {}

    /** An instance runs and is unfit; another is launched beside it, and takes its place when it is ready. */
    record Unfit(InstanceId instance, String reason) implements OfServer {}

    /** A replacement waits this long, since earlier ones failed. */
    record BackingOff(InstanceId instance, Duration delay) implements OfServer {}

    /** A drain has ended. */
    record Drained(InstanceId instance, DrainResult result) implements OfServer {}

    /** An instance was stopped, or found gone when it was to be stopped. */
    record Stopped(InstanceId instance) implements OfServer {}

    /** An instance that an earlier owner left now serves in this pool. */
    record Adopted(InstanceId instance) implements OfServer {}

    /** An instance that an earlier owner left does not belong here, and is stopped. */
    record Retired(InstanceId instance, String reason) implements OfServer {}
}
