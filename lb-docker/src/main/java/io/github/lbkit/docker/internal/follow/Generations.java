package io.github.lbkit.docker.internal.follow;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Numbers the launches that are seen: one launch keeps its number, and each new one gets a greater one than all before. Confined
 * to the pool's scheduler.
 */
public final class Generations {
    private final Map<String, Long> byLaunch = new HashMap<>();
    private long last;

    /** Nothing was seen yet. */
    public Generations() {}

    /**
     * The instance of this launch.
     *
     * @param name what the engine calls it
     * @param launch names the launch; another address makes it another launch
     */
    public Instance instance(String name, Address address, String launch) {
        return new Instance(name, address, byLaunch.computeIfAbsent(launch + " " + address, key -> ++last));
    }

    /** Forgets all launches but those that begin with one of these names. */
    public void keep(Set<String> launches) {
        byLaunch.keySet().removeIf(key -> !launches.contains(key.substring(0, key.indexOf(' '))));
    }
}
