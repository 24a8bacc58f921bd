package io.github.lbkit.api;

import java.time.Duration;

/** What happens to one server of a pool, for listeners, logs and metrics. */
public sealed interface PoolEvent {
    /** The server's id. */
    String id();

    /** The generation that it happened to. */
    long generation();

    /** An instance is being launched. */
    record Launching(String id, long generation, boolean replacement) implements PoolEvent {}

    /** An instance has become ready, this long after its launch began. */
    record Ready(String id, long generation, Duration sinceLaunch) implements PoolEvent {}

    /** A launch has failed: it could not be launched, died, or was not ready in time. */
    record LaunchFailed(String id, long generation, String reason) implements PoolEvent {}

    /** An instance that served is gone or unfit. */
    record Lost(String id, long generation, String reason) implements PoolEvent {}

    /** A replacement waits this long, since earlier ones failed. */
    record BackingOff(String id, long generation, Duration delay) implements PoolEvent {}

    /** A drain has ended. */
    record Drained(String id, long generation, DrainResult result) implements PoolEvent {}

    /** An instance was stopped, or found gone when it was to be stopped. */
    record Stopped(String id, long generation) implements PoolEvent {}

    /** An instance that an earlier owner left now serves in this pool. */
    record Adopted(String id, long generation) implements PoolEvent {}

    /** An instance that an earlier owner left does not belong here, and is stopped. */
    record Retired(String id, long generation, String reason) implements PoolEvent {}
}
