package io.github.lbkit.docker.internal.follow;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The generation numbers of observed launches. A launch keeps its number, and a new launch gets a greater number than
 * all before. Confined to the pool's scheduler.
 */
public final class Generations {
    private final Map<String, Long> byLaunch = new HashMap<>();
    private long last;

    /** Creates generations without a known launch. */
    public Generations() {}

    /**
     * Returns the instance of a launch.
     *
     * @param name the engine's name of the instance
     * @param launch the identity of the launch; the same launch at another address counts as a new launch
     */
    public Instance instance(String name, Address address, String launch) {
        return new Instance(name, address, byLaunch.computeIfAbsent(launch + " " + address, key -> ++last));
    }

    /** Removes all launches whose identity does not begin with one of these names. */
    public void retain(Set<String> launches) {
        byLaunch.keySet().removeIf(key -> !launches.contains(key.substring(0, key.indexOf(' '))));
    }
}
