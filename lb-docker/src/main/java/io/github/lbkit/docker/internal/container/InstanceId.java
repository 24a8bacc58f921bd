package io.github.lbkit.docker.internal.container;

/** The identity of one instance within a pool: the server's id and the generation. Immutable. */
record InstanceId(String id, long generation) {}
