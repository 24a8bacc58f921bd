package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.InstanceId;
import java.util.Map;

/**
 * What is to be launched. Immutable.
 *
 * @param id the server that it is for
 * @param generation greater than that of every instance the server had
 * @param name what the runtime shall call it: 1 to 63 of lower-case letters, digits, '-' and '_', unique in the pool
 * @param replacement whether the server had an instance before that served
 * @param labels the server's labels
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
