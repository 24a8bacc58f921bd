package io.github.lbkit.docker.internal;

import io.github.lbkit.api.pool.supervised.LaunchRequest;

/** Names one instance within a pool. */
record InstanceId(String id, long generation) {
    static InstanceId of(LaunchRequest request) {
        return new InstanceId(request.id(), request.generation());
    }
}
