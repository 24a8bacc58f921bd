package io.github.lbkit.testkit;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One instance of a {@link FakePlatform}, launched or in launch. Guarded by the monitor of the platform. */
final class FakeInstance {
    final LaunchRequest request;
    final String specHash;
    final FakePlatform.LaunchBehaviour behaviour;
    final CompletableFuture<LaunchedInstance> launched = new CompletableFuture<>();

    /** The address; null while the launch is in progress. */
    @Nullable
    Address address;

    /** True if the instance was asked to stop. */
    boolean terminating;

    /** True if the instance runs and answers no request. */
    boolean stalled;

    /** True if the instance serves and fails its liveness probe. */
    boolean failsLiveness;

    FakeInstance(LaunchRequest request, String specHash, FakePlatform.LaunchBehaviour behaviour) {
        this.request = request;
        this.specHash = specHash;
        this.behaviour = behaviour;
    }

    /** Returns whether the instance passes a readiness probe. */
    boolean isReady() {
        return behaviour != FakePlatform.LaunchBehaviour.NEVER_READY && !stalled;
    }

    LaunchedInstance describe() {
        return address == null
                ? LaunchedInstance.incomplete(request, specHash, "fake")
                : LaunchedInstance.at(address, request, specHash, "fake");
    }
}
