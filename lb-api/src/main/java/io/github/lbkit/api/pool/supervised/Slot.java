package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolChange.ServerChange;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.LivenessState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One desired server: what serves under its id now, what is to, and what happened before. Confined to the loop. */
final class Slot {
    final String id;

    /** The lowest that was free when it joined, as far as this owner knows. */
    int number;

    /** What its next instance is made of. */
    HashedSpec spec;

    /** Its turn in a rollout; null if it has none. */
    @Nullable
    RolloutStep turn;

    /** Completes when the server that joined is ready, or has failed to be. */
    final CompletableFuture<ServerChange> joined = new CompletableFuture<>();

    /** What is known of the life of what serves; begins anew with each instance. */
    LivenessState vitals = new LivenessState();

    /** Asks on an adopted instance that serves and has not passed its probe yet; null if there is none. */
    private @Nullable Launch doubtful;

    /** It leaves the desired set if it fails before it was ready once. */
    final boolean onTrial;

    /** What serves; null if nothing does. */
    @Nullable
    Instance current;

    /** What is to serve next; null if nothing is being launched or adopted. */
    @Nullable
    Launch incoming;

    /** An instance of it has served in this pool. */
    boolean served;

    /** It has failed, so that it is down and not starting until it is ready. */
    boolean failed;

    /** Failures in a row, without a stable time between. */
    private int failures;

    /** What the current instance was made of. */
    private String currentSpec = "";

    private long notBeforeNanos;
    private long readySinceNanos;
    private int missed;

    /** The launch under way, or the next, answers these. */
    private List<CompletableFuture<ServerChange>> replacing = new ArrayList<>();

    /** Asked for while a replacement was under way; the one after it answers these. */
    private List<CompletableFuture<ServerChange>> replacingNext = new ArrayList<>();

    Slot(String id, int number, HashedSpec spec, boolean onTrial, long nowNanos) {
        this.id = id;
        this.number = number;
        this.spec = spec;
        this.onTrial = onTrial;
        this.notBeforeNanos = nowNanos;
    }

    static Map<String, String> labels(int number) {
        return Map.of(SupervisedPool.NUMBER_LABEL, Integer.toString(number));
    }

    Map<String, String> labels() {
        return labels(number);
    }

    /** The lowest number from 1 that is not taken. */
    static int lowestFree(Set<Integer> taken) {
        int number = 1;
        while (taken.contains(number)) {
            number++;
        }
        return number;
    }

    boolean runs(InstanceId key) {
        return current != null && id.equals(key.serverId()) && current.generation() == key.generation();
    }

    /** Whether what serves was made of this spec. */
    boolean runs(HashedSpec of) {
        return current != null && currentSpec.equals(of.hash());
    }

    /** What serves was made of this; empty if nothing serves. */
    String currentSpec() {
        return current == null ? "" : currentSpec;
    }

    /** The generation that serves; 0 if nothing does. */
    long generation() {
        return current == null ? 0 : current.generation();
    }

    /** How long the current instance has served. */
    Duration readyFor(long nowNanos) {
        return Duration.ofNanos(nowNanos - readySinceNanos);
    }

    /** It was added and has not served yet. */
    boolean joining() {
        return onTrial && !served;
    }

    /** Its instances are made of the new spec from now on; one that is down does not wait for it. */
    void begin(RolloutStep newTurn, long nowNanos) {
        turn = newTurn;
        spec = newTurn.to;
        if (current == null) {
            notBeforeNanos = nowNanos;
        }
    }

    /** Its turn is over; after a failed one it returns to what it was made of, at once if nothing serves. */
    void endTurn(boolean succeeded, long nowNanos) {
        if (turn != null && !succeeded) {
            spec = turn.from;
            notBeforeNanos = nowNanos;
        }
        turn = null;
    }

    /** A launch failed, or an instance was lost, that was made of this. */
    void failed(String specHash, String reason) {
        if (turn != null && turn.to.hash().equals(specHash)) {
            turn.failed(reason);
        }
    }

    boolean launches(InstanceId key) {
        return incoming != null && incoming.key().equals(key);
    }

    /** Whether a launch is called for, and its time has come. */
    boolean dueForLaunch(long nowNanos) {
        boolean outdated = turn != null && !runs(turn.to);
        return incoming == null
                && (current == null || outdated || !replacing.isEmpty())
                && notBeforeNanos - nowNanos <= 0;
    }

    /** The incoming instance serves from now on. */
    void serve(Instance instance, String specHash, long nowNanos) {
        incoming = null;
        current = instance;
        vitals = new LivenessState();
        trust();
        currentSpec = specHash;
        served = true;
        failed = false;
        missed = 0;
        readySinceNanos = nowNanos;
        notBeforeNanos = nowNanos;
    }

    /** The adopted instance of this launch serves, and is asked on. */
    void doubt(Launch launch, Instance instance, long nowNanos) {
        serve(instance, launch.specHash(), nowNanos);
        doubtful = launch;
    }

    /** Nobody is asked on. */
    void trust() {
        if (doubtful != null) {
            doubtful.giveUp();
            doubtful = null;
        }
    }

    /** What served does not any more; failures before a stable time are forgotten. */
    void lose(long nowNanos, Duration stableAfter) {
        current = null;
        vitals = new LivenessState();
        trust();
        failed = true;
        if (nowNanos - readySinceNanos >= stableAfter.toNanos()) {
            failures = 0;
        }
    }

    /** How long it waits before its next launch, having failed once more. */
    Duration backOff(long nowNanos, Backoff backoff) {
        failed = true;
        failures++;
        Duration delay = backoff.after(failures);
        notBeforeNanos = nowNanos + delay.toNanos();
        return delay;
    }

    /** How many lists in a row have missed the current instance, this one included. */
    int missedBy(boolean listed) {
        missed = listed ? 0 : missed + 1;
        return missed;
    }

    int failures() {
        return failures;
    }

    /** Whether it waits longer and longer; a first failure is not held against it. */
    boolean failsRepeatedly() {
        return failures > 1;
    }

    /** Neither ready nor failed so far. */
    boolean undecided() {
        return current == null && !failed;
    }

    Member member() {
        return new Member(id, 1, labels());
    }

    Server server() {
        Server bare = Server.starting(id).withLabels(labels());
        if (current != null) {
            return bare.withInstance(Server.State.READY, current);
        }
        return failed ? bare.withState(Server.State.DOWN) : bare;
    }

    /** The server in its draining state with an instance that has served. */
    Server draining(Instance instance) {
        return Server.starting(id).withLabels(labels()).withInstance(Server.State.DRAINING, instance);
    }

    /** Asks for a replacement; one that is down does not wait for it. */
    CompletableFuture<ServerChange> replacement(long nowNanos) {
        CompletableFuture<ServerChange> wanted = new CompletableFuture<>();
        if (current == null) {
            notBeforeNanos = nowNanos;
        }
        if (replacing.isEmpty()) {
            replacing.add(wanted);
        } else {
            replacingNext.add(wanted);
        }
        return wanted;
    }

    /** Whose replacement has ended now; those who asked meanwhile are next. */
    List<CompletableFuture<ServerChange>> takeReplacing() {
        List<CompletableFuture<ServerChange>> answered = replacing;
        replacing = replacingNext;
        replacingNext = new ArrayList<>();
        return answered;
    }

    ServerChange change(Outcome outcome, String detail) {
        return new ServerChange(id, outcome, detail);
    }
}
