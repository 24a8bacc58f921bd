package io.github.lbkit.testkit;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.api.pool.supervised.PoolState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A launcher of in-memory instances on a {@link FakePlatform}. Instances outlive their launcher: after a launcher is
 * {@linkplain #disconnect disconnected}, as by the death of its process, the next launcher finds them. Thread-safe.
 */
public final class FakeLauncher implements Launcher {
    private final FakePlatform platform;
    private final String specHash;
    private final List<LauncherListener> listeners = new CopyOnWriteArrayList<>();
    private final List<LaunchRequest> launches = new CopyOnWriteArrayList<>();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

    /** Written by {@link #disconnect}, which any thread may call; read before every effect. */
    private volatile boolean disconnected;

    /** Guarded by this object's monitor, as is the next field. */
    private int callsLeft = Integer.MAX_VALUE;

    private Runnable atLastCall = () -> {};

    FakeLauncher(FakePlatform platform, String specHash) {
        this.platform = platform;
        this.specHash = specHash;
    }

    /** Disconnects the launcher: later calls have no effect, and neither listeners nor stages are completed. */
    public void disconnect() {
        disconnected = true;
        listeners.clear();
    }

    /** Disconnects the launcher after its n-th call from now, 1 for the next, and then runs a task. */
    public synchronized void disconnectAfterCall(int number, Runnable then) {
        callsLeft = number;
        atLastCall = then;
    }

    /** Returns whether the launcher was disconnected. */
    public boolean isDisconnected() {
        return disconnected;
    }

    /** Returns all launches that were requested of this launcher, in order. */
    public List<LaunchRequest> launches() {
        return List.copyOf(launches);
    }

    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request) {
        return launch(request, spec());
    }

    /** Returns true: any spec can be launched, and its instances have its hash. */
    @Override
    public boolean launches(LaunchSpec spec) {
        return true;
    }

    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request, LaunchSpec spec) {
        if (disconnected) {
            return new CompletableFuture<>();
        }
        launches.add(request);
        CompletionStage<LaunchedInstance> launched = platform.launch(request, spec.hash());
        countCall();
        return whileConnected(launched);
    }

    @Override
    public CompletionStage<List<LaunchedInstance>> list() {
        if (disconnected) {
            return new CompletableFuture<>();
        }
        CompletionStage<List<LaunchedInstance>> list = platform.list();
        countCall();
        return whileConnected(list);
    }

    @Override
    public Subscription watch(LauncherListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        if (disconnected) {
            return new CompletableFuture<>();
        }
        CompletionStage<Void> terminated = platform.terminate(id, generation, grace);
        countCall();
        return whileConnected(terminated);
    }

    @Override
    public Optional<String> describe(LaunchSpec spec) {
        return Optional.of(spec.hash());
    }

    @Override
    public Optional<LaunchSpec> recall(String description) {
        return Optional.of(() -> description);
    }

    @Override
    public CompletionStage<Optional<PoolState>> remembered() {
        return disconnected ? new CompletableFuture<>() : whileConnected(platform.storedState());
    }

    @Override
    public CompletionStage<Void> remember(Optional<PoolState> state) {
        return disconnected ? new CompletableFuture<>() : whileConnected(platform.store(state));
    }

    @Override
    public String specHash() {
        return specHash;
    }

    @Override
    public void close() {
        disconnect();
    }

    /** Returns a readiness probe, which passes for ready instances of the platform. */
    public Probe probe() {
        return (instance, timeout) -> whileConnected(platform.probeReadiness(instance, timeout));
    }

    /** Returns a liveness probe, which passes unless {@link FakePlatform#failLiveness} says otherwise. */
    public Probe livenessProbe() {
        return (instance, timeout) -> whileConnected(platform.probeLiveness(instance, timeout));
    }

    void unfit(String id, long generation, String detail) {
        notifyListeners(listener -> listener.unfit(id, generation, detail));
    }

    void fit(String id, long generation) {
        notifyListeners(listener -> listener.fit(id, generation));
    }

    void exited(String id, long generation, String detail) {
        notifyListeners(listener -> listener.exited(id, generation, detail));
    }

    void changed() {
        notifyListeners(LauncherListener::changed);
    }

    private void notifyListeners(Consumer<LauncherListener> call) {
        for (LauncherListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                failures.add(e);
            } catch (Error e) {
                failures.add(new IllegalStateException("a listener threw an Error", e));
            }
        }
    }

    /** Returns the exceptions that listeners have thrown; an {@link Error} is the cause of an exception. */
    public List<RuntimeException> listenerFailures() {
        return List.copyOf(failures);
    }

    private void countCall() {
        Runnable then;
        synchronized (this) {
            if (--callsLeft != 0) {
                return;
            }
            then = atLastCall;
        }
        disconnect();
        then.run();
    }

    /** Returns a stage that completes as the given one does, unless the launcher is disconnected before. */
    private <T> CompletionStage<T> whileConnected(CompletionStage<T> stage) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        var unused = stage.whenComplete((value, e) -> {
            if (!disconnected && e == null) {
                answer.complete(value);
            } else if (!disconnected) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
