package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.InstanceId;
import java.util.Map;

/**
 * A request to launch an instance. Immutable.
 *
 * @param id the id of the server
 * @param generation a number greater than every earlier generation of the server
 * @param name the name of the instance in the runtime: 1 to 63 lower-case letters, digits, '-' and '_', unique in the
 *     pool
 * @param replacement whether an earlier instance of the server has served
 * @param labels the labels of the server
 */
public record LaunchRequest(String id, long generation, String name, boolean replacement, Map<String, String> labels) {
    /** Copies. */
    public LaunchRequest {
        labels = Map.copyOf(labels);
    }

    /** Returns the identity of the instance to launch. */
    public InstanceId instanceId() {
        return new InstanceId(id, generation);
    }
}
