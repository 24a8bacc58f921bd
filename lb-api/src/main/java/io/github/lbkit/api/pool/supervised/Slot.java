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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One desired server: its serving instance, its launch under way and its failures. Confined to the pool's loop. */
final class Slot {
    static final String NUMBER_LABEL = "lbkit.number";

    final String id;

    /** The lowest number that was free when the server joined, as far as this owner knows. */
    int number;

    /** The spec of its next instance. */
    HashedSpec spec;

    /** The server's part of the rollout under way; null if there is none. */
    @Nullable
    RolloutStep rolloutStep;

    /** Completes when the added server is ready, or has failed. */
    final CompletableFuture<ServerChange> joined = new CompletableFuture<>();

    /** The liveness of the serving instance; replaced with each instance. */
    LivenessState liveness = new LivenessState();

    /** The probing of an adopted instance that serves without having passed its probe; null if there is none. */
    private @Nullable Launch unproven;

    /** True for an added server, which is removed if it fails before it was ready once. */
    final boolean onTrial;

    /** The serving instance; null if there is none. */
    @Nullable
    Instance current;

    /** The launch or adoption under way; null if there is none. */
    @Nullable
    Launch incoming;

    /** True after an instance of the server has served in this pool. */
    boolean served;

    /** True after a failure: the server is DOWN instead of STARTING until it is ready. */
    boolean failed;

    /** Failures in a row, without a stable time between them. */
    private int failures;

    /** The spec hash of the serving instance. */
    private String currentSpec = "";

    private long notBeforeNanos;
    private long readySinceNanos;
    private int missed;

    /** The answers that the launch under way, or the next one, completes. */
    private List<CompletableFuture<ServerChange>> replacing = new ArrayList<>();

    /** The answers to requests during a replacement, which the following replacement completes. */
    private List<CompletableFuture<ServerChange>> replacingNext = new ArrayList<>();

    Slot(String id, int number, HashedSpec spec, boolean onTrial, long nowNanos) {
        this.id = id;
        this.number = number;
        this.spec = spec;
        this.onTrial = onTrial;
        this.notBeforeNanos = nowNanos;
    }

    static Map<String, String> labels(int number) {
        return Map.of(NUMBER_LABEL, Integer.toString(number));
    }

    Map<String, String> labels() {
        return labels(number);
    }

    boolean runs(InstanceId key) {
        return current != null && id.equals(key.serverId()) && current.generation() == key.generation();
    }

    /** Returns whether the serving instance has this spec. */
    boolean runs(HashedSpec of) {
        return current != null && currentSpec.equals(of.hash());
    }

    /** Returns the spec hash of the serving instance; empty if there is none. */
    String currentSpec() {
        return current == null ? "" : currentSpec;
    }

    /** Returns the generation of the serving instance; 0 if there is none. */
    long generation() {
        return current == null ? 0 : current.generation();
    }

    /** Returns the time for which the current instance has served. */
    Duration readyFor(long nowNanos) {
        return Duration.ofNanos(nowNanos - readySinceNanos);
    }

    /** Returns whether the server was added and has not served yet. */
    boolean joining() {
        return onTrial && !served;
    }

    /** Makes the new spec that of the next instance. A server that is down is launched at once. */
    void begin(RolloutStep step, long nowNanos) {
        rolloutStep = step;
        spec = step.to;
        if (current == null) {
            notBeforeNanos = nowNanos;
        }
    }

    /**
     * Ends the server's part of a rollout. After a failure the server returns to its old spec, at once if no instance
     * serves.
     */
    void endRolloutStep(boolean succeeded, long nowNanos) {
        if (rolloutStep != null && !succeeded) {
            spec = rolloutStep.from;
            notBeforeNanos = nowNanos;
        }
        rolloutStep = null;
    }

    /** Records a failed launch or a lost instance of this spec. */
    void failed(String specHash, String reason) {
        if (rolloutStep != null && rolloutStep.to.hash().equals(specHash)) {
            rolloutStep.failed(reason);
        }
    }

    boolean launches(InstanceId key) {
        return incoming != null && incoming.key().equals(key);
    }

    /** Returns whether a launch is needed, and its delay is over. */
    boolean dueForLaunch(long nowNanos) {
        boolean outdated = rolloutStep != null && !runs(rolloutStep.to);
        return incoming == null
                && (current == null || outdated || !replacing.isEmpty())
                && notBeforeNanos - nowNanos <= 0;
    }

    /** Puts the incoming instance into service. */
    void serve(Instance instance, String specHash, long nowNanos) {
        incoming = null;
        current = instance;
        liveness = new LivenessState();
        endProof();
        currentSpec = specHash;
        served = true;
        failed = false;
        missed = 0;
        readySinceNanos = nowNanos;
        notBeforeNanos = nowNanos;
    }

    /** Puts an adopted instance into service whose probing continues. */
    void serveUnproven(Launch launch, Instance instance, long nowNanos) {
        serve(instance, launch.specHash(), nowNanos);
        unproven = launch;
    }

    /** Ends the probing of an adopted instance that serves. */
    void endProof() {
        if (unproven != null) {
            unproven.giveUp();
            unproven = null;
        }
    }

    /** Records the loss of the serving instance. Earlier failures are forgotten if the instance was stable. */
    void lose(long nowNanos, Duration stableAfter) {
        current = null;
        liveness = new LivenessState();
        endProof();
        failed = true;
        if (nowNanos - readySinceNanos >= stableAfter.toNanos()) {
            failures = 0;
        }
    }

    /** Records a failure; returns the delay before the next launch. */
    Duration backOff(long nowNanos, Backoff backoff) {
        failed = true;
        failures++;
        Duration delay = backoff.after(failures);
        notBeforeNanos = nowNanos + delay.toNanos();
        return delay;
    }

    /** Returns the number of lists in a row that miss the current instance, including this one. */
    int missedBy(boolean listed) {
        missed = listed ? 0 : missed + 1;
        return missed;
    }

    int failures() {
        return failures;
    }

    /** Returns whether the server has failed more than once in a row. */
    boolean failsRepeatedly() {
        return failures > 1;
    }

    /** Returns whether the server has neither been ready nor failed. */
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

    /** Returns the server in state DRAINING with this instance. */
    Server draining(Instance instance) {
        return Server.starting(id).withLabels(labels()).withInstance(Server.State.DRAINING, instance);
    }

    /** Requests a replacement. A server that is down is launched at once. */
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

    /** Returns the answers of the replacement that has ended; those requested meanwhile are next. */
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
