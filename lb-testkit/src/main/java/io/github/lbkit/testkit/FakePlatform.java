package io.github.lbkit.testkit;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory platform on which {@link FakeLauncher}s run instances. Its time is that of a scheduler of the test, and
 * a test injects faults into launches, lists, terminations and exit notifications. Thread-safe.
 */
public final class FakePlatform {
    private static final Duration LATE = Duration.ofSeconds(40);

    private final Scheduler scheduler;
    private final FakeInstances instances = new FakeInstances();
    private BiFunction<LaunchRequest, String, LaunchBehaviour> behaviour =
            (request, specHash) -> LaunchBehaviour.STARTS;
    private UnaryOperator<List<LaunchedInstance>> listDistortion = UnaryOperator.identity();
    private Duration launchTime = Duration.ofMillis(100);
    private Duration stopTime = Duration.ofMillis(20);
    private int exitNotifications = 1;
    private int listFailures;
    private int terminateFailures;
    private boolean frozen;
    private boolean dependencyMissing;

    /** The state that an owner of the pool has stored for the next one. */
    private Optional<PoolState> poolState = Optional.empty();

    private int ports = 10_000;
    private @Nullable FakeLauncher launcher;

    /** The behaviour of a launch and of its instance. */
    public enum LaunchBehaviour {
        /** The instance is ready after the launch time. */
        STARTS,
        /** The launch fails after the launch time. */
        FAILS,
        /** The launch never completes; its instance is listed without an address. */
        HANGS,
        /** The instance runs after the launch time and exits 5 ms later. */
        EXITS,
        /** The instance runs after the launch time and is never ready. */
        NEVER_READY,
        /** The instance is ready after 40 seconds. */
        STARTS_LATE
    }

    /** Creates an empty platform on the time of this scheduler. */
    public FakePlatform(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Returns the launcher of the next owner of the pool, with spec {@code spec-1}; disconnects the previous launcher.
     */
    public FakeLauncher newLauncher() {
        return newLauncher("spec-1");
    }

    /** Returns the launcher of the next owner of the pool, with this spec; disconnects the previous launcher. */
    public synchronized FakeLauncher newLauncher(String specHash) {
        if (launcher != null) {
            launcher.disconnect();
        }
        FakeLauncher next = new FakeLauncher(this, specHash);
        launcher = next;
        return next;
    }

    /** Sets the behaviour of launches by their request; every instance starts by default. */
    public synchronized void onLaunch(Function<LaunchRequest, LaunchBehaviour> decision) {
        behaviour = (request, specHash) -> decision.apply(request);
    }

    /** Sets the behaviour of launches by their request and the hash of their spec. */
    public synchronized void onLaunchOfSpec(BiFunction<LaunchRequest, String, LaunchBehaviour> decision) {
        behaviour = decision;
    }

    /** Sets the duration of a launch, 100 ms by default. */
    public synchronized void launchTime(Duration value) {
        launchTime = value;
    }

    /** Sets the duration of a termination, 20 ms by default; never longer than its grace period. */
    public synchronized void stopTime(Duration value) {
        stopTime = value;
    }

    /** Sets a function that changes each list of instances before the launcher returns it. */
    public synchronized void distortLists(UnaryOperator<List<LaunchedInstance>> distortion) {
        listDistortion = distortion;
    }

    /** Sets how often each exit of an instance is reported: 0, 1 (the default) or more times. */
    public synchronized void exitNotifications(int times) {
        exitNotifications = times;
    }

    /** Makes this many of the next list calls fail. */
    public synchronized void failLists(int count) {
        listFailures = count;
    }

    /** Makes this many of the next terminations fail. */
    public synchronized void failTerminations(int count) {
        terminateFailures = count;
    }

    /** Freezes the platform or ends the freeze. Calls made meanwhile are never answered; instances run on. */
    public synchronized void freeze(boolean value) {
        frozen = value;
    }

    /** Removes all faults, except those of launches in progress. */
    public synchronized void clearFaults() {
        behaviour = (request, specHash) -> LaunchBehaviour.STARTS;
        listDistortion = UnaryOperator.identity();
        exitNotifications = 1;
        listFailures = 0;
        terminateFailures = 0;
        frozen = false;
        dependencyMissing = false;
        instances.passLiveness();
    }

    /** Returns all instances, running or in launch, sorted by id and generation. */
    public synchronized List<LaunchedInstance> instances() {
        return instances.describe(instance -> true);
    }

    /** Returns the instances that were not asked to stop, sorted by id and generation. */
    public synchronized List<LaunchedInstance> notTerminated() {
        return instances.describe(instance -> !instance.terminating);
    }

    /** Returns the newest running instance of this server; empty if there is none. */
    public synchronized Optional<LaunchedInstance> running(String id) {
        return instances.describe(instance -> instance.request.id().equals(id) && instance.address != null).stream()
                .reduce((older, newer) -> newer);
    }

    /** Ends an instance and reports its exit as often as {@link #exitNotifications} says. */
    public void kill(String id, long generation) {
        end(id, generation, "killed");
    }

    /**
     * Makes an instance stop serving while its process runs on, as a paused container does. Reports an exit as often as
     * {@link #exitNotifications} says; the instance exists until it is terminated.
     */
    public void stall(String id, long generation) {
        int times;
        synchronized (this) {
            FakeInstance instance = instances.find(id, generation);
            if (instance == null) {
                return;
            }
            instance.stalled = true;
            times = exitNotifications;
        }
        reportExit(id, generation, "stalled", times);
    }

    /** Sets whether an instance fails its liveness probe; the launcher is not notified. */
    public synchronized void failLiveness(String id, long generation, boolean fails) {
        FakeInstance instance = instances.find(id, generation);
        if (instance != null) {
            instance.failsLiveness = fails;
        }
    }

    /** Sets whether a dependency of all instances is available; without it, every readiness probe fails. */
    public synchronized void dependencyAvailable(boolean available) {
        dependencyMissing = !available;
    }

    /** Reports to the launcher that the platform's own health check of an instance passes or fails. */
    public void reportHealth(String id, long generation, boolean passes) {
        FakeLauncher current = currentLauncher();
        if (current != null && passes) {
            current.fit(id, generation);
        } else if (current != null) {
            current.unfit(id, generation, "its health check fails");
        }
    }

    /** Reports to the launcher that instances may have changed. */
    public void hint() {
        FakeLauncher current = currentLauncher();
        if (current != null) {
            current.changed();
        }
    }

    /** Reports an exit of an instance that still runs. */
    public void reportFalseExit(String id, long generation) {
        reportExit(id, generation, "a false report of the test", 1);
    }

    synchronized CompletionStage<LaunchedInstance> launch(LaunchRequest request, String specHash) {
        if (frozen) {
            return new CompletableFuture<>();
        }
        FakeInstance instance = new FakeInstance(request, specHash, behaviour.apply(request, specHash));
        if (!instances.add(instance)) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException(request.id() + " generation " + request.generation() + " exists"));
        }
        if (instance.behaviour != LaunchBehaviour.HANGS) {
            Duration time = instance.behaviour == LaunchBehaviour.STARTS_LATE ? LATE : launchTime;
            scheduler.schedule(time, () -> endLaunch(instance));
        }
        return instance.launched;
    }

    private void endLaunch(FakeInstance instance) {
        LaunchedInstance launched;
        synchronized (this) {
            if (!instances.contains(instance)) {
                return;
            }
            if (instance.behaviour == LaunchBehaviour.FAILS) {
                instances.remove(instance);
                launched = null;
            } else {
                instance.address = Address.of("127.0.0.1", ports++);
                launched = instance.describe();
            }
        }
        if (launched == null) {
            instance.launched.completeExceptionally(
                    new IllegalStateException("a launch failure that the test injected"));
        } else {
            if (instance.behaviour == LaunchBehaviour.EXITS) {
                scheduler.schedule(
                        Duration.ofMillis(5),
                        () -> end(
                                instance.request.id(), instance.request.generation(), "died, as injected by the test"));
            }
            instance.launched.complete(launched);
        }
    }

    synchronized CompletionStage<List<LaunchedInstance>> list() {
        CompletableFuture<List<LaunchedInstance>> listed = new CompletableFuture<>();
        if (frozen) {
            return listed;
        }
        if (listFailures > 0) {
            listFailures--;
            scheduler.execute(() ->
                    listed.completeExceptionally(new IllegalStateException("a list failure that the test injected")));
        } else {
            List<LaunchedInstance> answer = List.copyOf(listDistortion.apply(new ArrayList<>(instances())));
            scheduler.execute(() -> listed.complete(answer));
        }
        return listed;
    }

    synchronized CompletionStage<Optional<PoolState>> storedState() {
        CompletableFuture<Optional<PoolState>> answer = new CompletableFuture<>();
        if (!frozen) {
            Optional<PoolState> stored = poolState;
            scheduler.execute(() -> answer.complete(stored));
        }
        return answer;
    }

    synchronized CompletionStage<Void> store(Optional<PoolState> newest) {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        if (!frozen) {
            poolState = newest;
            scheduler.execute(() -> stored.complete(null));
        }
        return stored;
    }

    /** Deletes the stored state of the pool. */
    public synchronized void forgetPoolState() {
        poolState = Optional.empty();
    }

    synchronized CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        CompletableFuture<Void> terminated = new CompletableFuture<>();
        FakeInstance instance = instances.find(id, generation);
        if (frozen) {
            return terminated;
        }
        if (terminateFailures > 0) {
            terminateFailures--;
            scheduler.execute(() -> terminated.completeExceptionally(
                    new IllegalStateException("a termination failure that the test injected")));
            return terminated;
        }
        if (instance == null) {
            scheduler.execute(() -> terminated.complete(null));
            return terminated;
        }
        instance.terminating = true;
        Duration time = grace.compareTo(stopTime) < 0 ? grace : stopTime;
        scheduler.schedule(time, () -> {
            synchronized (this) {
                instances.remove(instance);
            }
            instance.launched.completeExceptionally(
                    new IllegalStateException("terminated while the launch was in progress"));
            terminated.complete(null);
        });
        return terminated;
    }

    CompletionStage<ProbeResult> probeReadiness(Instance instance, Duration timeout) {
        boolean passes;
        synchronized (this) {
            passes = !dependencyMissing && instances.anyAt(instance.address(), FakeInstance::isReady);
        }
        return probeResult(passes, timeout);
    }

    CompletionStage<ProbeResult> probeLiveness(Instance instance, Duration timeout) {
        boolean passes;
        synchronized (this) {
            passes = instances.anyAt(instance.address(), found -> found.isReady() && !found.failsLiveness);
        }
        return probeResult(passes, timeout);
    }

    private CompletionStage<ProbeResult> probeResult(boolean passes, Duration timeout) {
        CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
        ProbeResult result = passes ? ProbeResult.PASSED : ProbeResult.failed("no answer");
        Duration time = passes ? Duration.ofMillis(1) : timeout.dividedBy(2);
        scheduler.schedule(time, () -> answer.complete(result));
        return answer;
    }

    private void end(String id, long generation, String detail) {
        FakeInstance ended;
        int times;
        synchronized (this) {
            ended = instances.find(id, generation);
            if (ended != null) {
                instances.remove(ended);
            }
            times = exitNotifications;
        }
        if (ended != null) {
            reportExit(id, generation, detail, times);
            ended.launched.completeExceptionally(new IllegalStateException(detail));
        }
    }

    private void reportExit(String id, long generation, String detail, int times) {
        FakeLauncher current = currentLauncher();
        for (int i = 0; i < times && current != null; i++) {
            current.exited(id, generation, detail);
        }
    }

    private synchronized @Nullable FakeLauncher currentLauncher() {
        return launcher;
    }
}
