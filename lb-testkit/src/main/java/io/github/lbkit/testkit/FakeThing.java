package io.github.lbkit.testkit;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.Launched;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One instance in a {@link FakeWorld}, or what is there of it. Guarded by the world's monitor. */
final class FakeThing {
    final LaunchRequest request;
    final String specHash;
    final FakeWorld.Behaviour behaviour;
    final CompletableFuture<Launched> launched = new CompletableFuture<>();

    /** Where it listens; null while it is half made. */
    @Nullable
    Address address;

    /** Somebody has asked to stop it. */
    boolean terminating;

    /** It runs and answers nobody. */
    boolean stalled;

    /** It runs, serves, and fails its liveness probe. */
    boolean hung;

    FakeThing(LaunchRequest request, String specHash, FakeWorld.Behaviour behaviour) {
        this.request = request;
        this.specHash = specHash;
        this.behaviour = behaviour;
    }

    /** Whether it passes a probe. */
    boolean answers() {
        return behaviour != FakeWorld.Behaviour.NEVER_READY && !stalled;
    }

    /** In the order of ids, and then of generations. */
    String key() {
        return key(request.id(), request.generation());
    }

    static String key(String id, long generation) {
        return id + "\n" + String.format("%019d", generation);
    }

    Launched describe() {
        return address == null
                ? Launched.halfMade(request, specHash, "fake")
                : Launched.at(address, request, specHash, "fake");
    }
}
