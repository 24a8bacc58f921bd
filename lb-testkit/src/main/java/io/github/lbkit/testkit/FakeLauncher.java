package io.github.lbkit.testkit;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.Launched;
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
 * A launcher of instances that exist in a {@link FakeWorld} only. The world goes on without its launcher: an owner that
 * is {@linkplain #cut cut off} leaves everything as it is, and the next owner's launcher finds it. Thread-safe.
 */
public final class FakeLauncher implements Launcher {
    private final FakeWorld world;
    private final String specHash;
    private final List<LauncherListener> listeners = new CopyOnWriteArrayList<>();
    private final List<LaunchRequest> launches = new CopyOnWriteArrayList<>();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

    /** Written by whoever cuts or closes it, read before every effect. */
    private volatile boolean cut;

    private int callsLeft = Integer.MAX_VALUE;
    private Runnable atLastCall = () -> {};

    FakeLauncher(FakeWorld world, String specHash) {
        this.world = world;
        this.specHash = specHash;
    }

    /** The owner is dead: nothing that it still calls has an effect, and it hears nothing any more. */
    public void cut() {
        cut = true;
        listeners.clear();
    }

    /** Cuts the owner off at its call of this number from now, 1 for the next; the call itself has an effect still. */
    public synchronized void cutAtCall(int number, Runnable then) {
        callsLeft = number;
        atLastCall = then;
    }

    /** Whether the owner was cut off. */
    public boolean isCut() {
        return cut;
    }

    /** All launches this owner asked for, in order. */
    public List<LaunchRequest> launches() {
        return List.copyOf(launches);
    }

    @Override
    public CompletionStage<Launched> launch(LaunchRequest request) {
        return launch(request, spec());
    }

    /** Whatever the spec is: what exists bears its hash. */
    @Override
    public boolean launches(LaunchSpec spec) {
        return true;
    }

    @Override
    public CompletionStage<Launched> launch(LaunchRequest request, LaunchSpec spec) {
        if (cut) {
            return new CompletableFuture<>();
        }
        launches.add(request);
        CompletionStage<Launched> launched = world.launch(request, spec.hash());
        called();
        return heard(launched);
    }

    @Override
    public CompletionStage<List<Launched>> list() {
        if (cut) {
            return new CompletableFuture<>();
        }
        CompletionStage<List<Launched>> list = world.list();
        called();
        return heard(list);
    }

    @Override
    public Subscription watch(LauncherListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        if (cut) {
            return new CompletableFuture<>();
        }
        CompletionStage<Void> gone = world.terminate(id, generation, grace);
        called();
        return heard(gone);
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
        return cut ? new CompletableFuture<>() : heard(world.state());
    }

    @Override
    public CompletionStage<Void> remember(Optional<PoolState> state) {
        return cut ? new CompletableFuture<>() : heard(world.keep(state));
    }

    @Override
    public String specHash() {
        return specHash;
    }

    @Override
    public void close() {
        cut();
    }

    /** A probe that passes for what runs in the world and is ready there. */
    public Probe probe() {
        return (instance, timeout) -> heard(world.probe(instance, timeout));
    }

    /** A probe that passes for what runs in the world and does not {@linkplain FakeWorld#hang hang}. */
    public Probe livenessProbe() {
        return (instance, timeout) -> heard(world.probeLife(instance, timeout));
    }

    void unfit(String id, long generation, String detail) {
        tell(listener -> listener.unfit(id, generation, detail));
    }

    void fit(String id, long generation) {
        tell(listener -> listener.fit(id, generation));
    }

    void exited(String id, long generation, String detail) {
        tell(listener -> listener.exited(id, generation, detail));
    }

    void changed() {
        tell(LauncherListener::changed);
    }

    private void tell(Consumer<LauncherListener> call) {
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

    /** What listeners have thrown; an {@link Error} as the cause of an exception. */
    public List<RuntimeException> listenerFailures() {
        return List.copyOf(failures);
    }

    private void called() {
        Runnable then;
        synchronized (this) {
            if (--callsLeft != 0) {
                return;
            }
            then = atLastCall;
        }
        cut();
        then.run();
    }

    /** The dead hear no answers. */
    private <T> CompletionStage<T> heard(CompletionStage<T> stage) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        var unused = stage.whenComplete((value, e) -> {
            if (!cut && e == null) {
                answer.complete(value);
            } else if (!cut) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
