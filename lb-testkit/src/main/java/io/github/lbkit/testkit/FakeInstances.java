package io.github.lbkit.testkit;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The instances of a {@link FakePlatform} by server id and generation. Guarded by the monitor of the platform. */
final class FakeInstances {
    private final Map<String, FakeInstance> byKey = new TreeMap<>();

    /** Returns a key that sorts by id and then by generation. */
    private static String key(String id, long generation) {
        return id + "\n" + String.format("%019d", generation);
    }

    private static String key(FakeInstance instance) {
        return key(instance.request.id(), instance.request.generation());
    }

    /** Adds an instance; returns false if this server has an instance of this generation. */
    boolean add(FakeInstance instance) {
        return byKey.putIfAbsent(key(instance), instance) == null;
    }

    @Nullable
    FakeInstance find(String id, long generation) {
        return byKey.get(key(id, generation));
    }

    boolean contains(FakeInstance instance) {
        return byKey.get(key(instance)) == instance;
    }

    void remove(FakeInstance instance) {
        byKey.remove(key(instance), instance);
    }

    /** Returns whether an instance at this address passes. */
    boolean anyAt(Address address, Predicate<FakeInstance> passes) {
        return byKey.values().stream().anyMatch(instance -> address.equals(instance.address) && passes.test(instance));
    }

    /** Returns descriptions of the instances that pass, sorted by id and generation. */
    List<LaunchedInstance> describe(Predicate<FakeInstance> passes) {
        return byKey.values().stream()
                .filter(passes)
                .map(FakeInstance::describe)
                .toList();
    }

    void passLiveness() {
        byKey.values().forEach(instance -> instance.failsLiveness = false);
    }
}
