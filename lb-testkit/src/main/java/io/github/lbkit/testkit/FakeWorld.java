package io.github.lbkit.testkit;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.Launched;
import io.github.lbkit.api.pool.supervised.PoolState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the instances of {@link FakeLauncher}s run: in memory, on the time of a test's scheduler, and with every
 * misbehaviour that the test commands. Thread-safe.
 */
public final class FakeWorld {
    private final Scheduler scheduler;
    private final Map<String, FakeThing> things = new TreeMap<>();
    private BiFunction<LaunchRequest, String, Behaviour> behaviour = (request, spec) -> Behaviour.COMES_UP;
    private UnaryOperator<List<Launched>> lie = UnaryOperator.identity();
    private Duration launchTime = Duration.ofMillis(100);
    private Duration stopTime = Duration.ofMillis(20);
    private int tellings = 1;
    private int listFailures;
    private int terminateFailures;
    private boolean frozen;
    private boolean dependencyAway;

    /** What the owners of the pool have kept for the next. */
    private Optional<PoolState> state = Optional.empty();

    private int ports = 10_000;
    private @Nullable FakeLauncher owner;

    /** What becomes of a launch. */
    public enum Behaviour {
        /** It runs and is ready after the launch time. */
        COMES_UP,
        /** The launch fails after the launch time. */
        FAILS,
        /** The launch never completes; something half made exists. */
        HANGS,
        /** It runs after the launch time, and dies a moment later. */
        DIES,
        /** It runs and is never ready. */
        NEVER_READY,
        /** It comes up, after 40 seconds. */
        COMES_LATE
    }

    /** An empty world on this time. */
    public FakeWorld(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** The launcher of the next owner, of spec {@code spec-1}; the owner before it is cut off. */
    public FakeLauncher owner() {
        return owner("spec-1");
    }

    /** The launcher of the next owner, which launches another spec. */
    public synchronized FakeLauncher owner(String specHash) {
        if (owner != null) {
            owner.cut();
        }
        FakeLauncher next = new FakeLauncher(this, specHash);
        owner = next;
        return next;
    }

    /** Decides what becomes of each launch from now on; everything comes up by default. */
    public synchronized void behave(Function<LaunchRequest, Behaviour> decision) {
        behaviour = (request, spec) -> decision.apply(request);
    }

    /** Decides it by the request and the hash of the spec that is launched from. */
    public synchronized void behaveBySpec(BiFunction<LaunchRequest, String, Behaviour> decision) {
        behaviour = decision;
    }

    /** How long a launch takes; 100 ms by default. */
    public synchronized void launchTime(Duration value) {
        launchTime = value;
    }

    /** How long a stop takes, and at most its grace; 20 ms by default. */
    public synchronized void stopTime(Duration value) {
        stopTime = value;
    }

    /** What becomes of the true list before the owner sees it. */
    public synchronized void lie(UnaryOperator<List<Launched>> distortion) {
        lie = distortion;
    }

    /** How often each end of an instance is told: 0, 1 or more times. */
    public synchronized void tell(int times) {
        tellings = times;
    }

    /** The next so many lists fail. */
    public synchronized void failLists(int count) {
        listFailures = count;
    }

    /** The next so many terminations fail. */
    public synchronized void failTerminations(int count) {
        terminateFailures = count;
    }

    /** While frozen, the world answers no call; what runs runs on. Calls made meanwhile are never answered. */
    public synchronized void freeze(boolean value) {
        frozen = value;
    }

    /** Everything becomes truthful, prompt and successful. */
    public synchronized void behaveWell() {
        behaviour = (request, spec) -> Behaviour.COMES_UP;
        lie = UnaryOperator.identity();
        tellings = 1;
        listFailures = 0;
        terminateFailures = 0;
        frozen = false;
        dependencyAway = false;
        things.values().forEach(thing -> thing.hung = false);
    }

    /** What exists, running or half made, by id and generation. */
    public synchronized List<Launched> existing() {
        return things.values().stream().map(FakeThing::describe).toList();
    }

    /** What exists and nobody has asked to stop. */
    public synchronized List<Launched> wanted() {
        return things.values().stream()
                .filter(thing -> !thing.terminating)
                .map(FakeThing::describe)
                .toList();
    }

    /** The newest running instance of this server. */
    public synchronized Optional<Launched> running(String id) {
        return things.values().stream()
                .map(FakeThing::describe)
                .filter(launched ->
                        launched.id().equals(id) && launched.address().isPresent())
                .reduce((older, newer) -> newer);
    }

    /** Ends an instance; the owner is told, as often as {@link #tell} says. */
    public void kill(String id, long generation) {
        end(id, generation, "killed");
    }

    /**
     * An instance serves nobody any more and runs on, as one that is paused; the owner is told, as often as {@link #tell}
     * says. It exists until somebody stops it.
     */
    public void stall(String id, long generation) {
        int times;
        synchronized (this) {
            FakeThing thing = things.get(FakeThing.key(id, generation));
            if (thing == null) {
                return;
            }
            thing.stalled = true;
            times = tellings;
        }
        tellEnd(id, generation, "stalled", times);
    }

    /** An instance fails its liveness probe from now on, or passes again; nobody is told. */
    public synchronized void hang(String id, long generation, boolean hangs) {
        FakeThing thing = things.get(FakeThing.key(id, generation));
        if (thing != null) {
            thing.hung = hangs;
        }
    }

    /** The readiness probes of all instances fail while what they depend on is away. */
    public synchronized void dependency(boolean there) {
        dependencyAway = !there;
    }

    /** The runtime's own health check of an instance fails, or passes again; the owner is told. */
    public void health(String id, long generation, boolean passes) {
        FakeLauncher told = currentOwner();
        if (told != null && passes) {
            told.fit(id, generation);
        } else if (told != null) {
            told.unfit(id, generation, "its health check fails");
        }
    }

    /** Tells the owner that something may have changed. */
    public void hint() {
        FakeLauncher told = currentOwner();
        if (told != null) {
            told.changed();
        }
    }

    /** Tells the owner of an end that did not happen. */
    public void tellOfAnEndThatWasNone(String id, long generation) {
        tellEnd(id, generation, "so it is said", 1);
    }

    synchronized CompletionStage<Launched> launch(LaunchRequest request, String specHash) {
        if (frozen) {
            return new CompletableFuture<>();
        }
        FakeThing thing = new FakeThing(request, specHash, behaviour.apply(request, specHash));
        if (things.putIfAbsent(FakeThing.key(request.id(), request.generation()), thing) != null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException(request.id() + " generation " + request.generation() + " exists"));
        }
        if (thing.behaviour != Behaviour.HANGS) {
            Duration time = thing.behaviour == Behaviour.COMES_LATE ? Duration.ofSeconds(40) : launchTime;
            scheduler.schedule(time, () -> comeUp(thing));
        }
        return thing.launched;
    }

    private void comeUp(FakeThing thing) {
        Launched launched;
        synchronized (this) {
            if (!exists(thing)) {
                return;
            }
            if (thing.behaviour == Behaviour.FAILS) {
                things.remove(thing.key());
                launched = null;
            } else {
                thing.address = Address.of("127.0.0.1", ports++);
                launched = thing.describe();
            }
        }
        if (launched == null) {
            thing.launched.completeExceptionally(new IllegalStateException("the fake fails, as it was told to"));
        } else {
            if (thing.behaviour == Behaviour.DIES) {
                scheduler.schedule(
                        Duration.ofMillis(5),
                        () -> end(thing.request.id(), thing.request.generation(), "died, as it was told to"));
            }
            thing.launched.complete(launched);
        }
    }

    synchronized CompletionStage<List<Launched>> list() {
        CompletableFuture<List<Launched>> listed = new CompletableFuture<>();
        if (frozen) {
            return listed;
        }
        if (listFailures > 0) {
            listFailures--;
            scheduler.execute(
                    () -> listed.completeExceptionally(new IllegalStateException("the fake does not answer")));
        } else {
            List<Launched> answer = List.copyOf(lie.apply(new ArrayList<>(existing())));
            scheduler.execute(() -> listed.complete(answer));
        }
        return listed;
    }

    synchronized CompletionStage<Optional<PoolState>> state() {
        CompletableFuture<Optional<PoolState>> answer = new CompletableFuture<>();
        if (!frozen) {
            Optional<PoolState> kept = state;
            scheduler.execute(() -> answer.complete(kept));
        }
        return answer;
    }

    synchronized CompletionStage<Void> keep(Optional<PoolState> newest) {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        if (!frozen) {
            state = newest;
            scheduler.execute(() -> kept.complete(null));
        }
        return kept;
    }

    /** Nobody remembers what the pool's owners had decided. */
    public synchronized void forget() {
        state = Optional.empty();
    }

    synchronized CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        FakeThing thing = things.get(FakeThing.key(id, generation));
        if (frozen) {
            return gone;
        }
        if (terminateFailures > 0) {
            terminateFailures--;
            scheduler.execute(() -> gone.completeExceptionally(new IllegalStateException("the fake stops nothing")));
            return gone;
        }
        if (thing == null) {
            scheduler.execute(() -> gone.complete(null));
            return gone;
        }
        thing.terminating = true;
        Duration time = grace.compareTo(stopTime) < 0 ? grace : stopTime;
        scheduler.schedule(time, () -> {
            synchronized (this) {
                things.remove(FakeThing.key(id, generation), thing);
            }
            thing.launched.completeExceptionally(new IllegalStateException("terminated before it was up"));
            gone.complete(null);
        });
        return gone;
    }

    CompletionStage<ProbeResult> probe(Instance instance, Duration timeout) {
        CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
        Duration time;
        boolean passes;
        synchronized (this) {
            Collection<FakeThing> all = things.values();
            passes = !dependencyAway
                    && all.stream().anyMatch(thing -> instance.address().equals(thing.address) && thing.answers());
            time = passes ? Duration.ofMillis(1) : timeout.dividedBy(2);
        }
        return answer(answer, passes, time);
    }

    CompletionStage<ProbeResult> probeLife(Instance instance, Duration timeout) {
        boolean passes;
        synchronized (this) {
            passes = things.values().stream()
                    .anyMatch(thing -> instance.address().equals(thing.address) && thing.answers() && !thing.hung);
        }
        return answer(new CompletableFuture<>(), passes, passes ? Duration.ofMillis(1) : timeout.dividedBy(2));
    }

    private CompletionStage<ProbeResult> answer(CompletableFuture<ProbeResult> answer, boolean passes, Duration time) {
        ProbeResult result = passes ? ProbeResult.PASSED : ProbeResult.failed("nobody answers");
        scheduler.schedule(time, () -> answer.complete(result));
        return answer;
    }

    private void end(String id, long generation, String detail) {
        FakeThing ended;
        int times;
        synchronized (this) {
            ended = things.remove(FakeThing.key(id, generation));
            times = tellings;
        }
        if (ended != null) {
            tellEnd(id, generation, detail, times);
            ended.launched.completeExceptionally(new IllegalStateException(detail));
        }
    }

    private void tellEnd(String id, long generation, String detail, int times) {
        FakeLauncher told = currentOwner();
        for (int i = 0; i < times && told != null; i++) {
            told.exited(id, generation, detail);
        }
    }

    private synchronized @Nullable FakeLauncher currentOwner() {
        return owner;
    }

    private synchronized boolean exists(FakeThing thing) {
        return things.get(thing.key()) == thing;
    }
}
