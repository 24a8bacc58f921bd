package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.InstanceNames;
import io.github.lbkit.api.internal.pool.LivenessState;
import io.github.lbkit.api.internal.pool.PoolLoop;
import java.time.Duration;
import java.util.Optional;

/**
 * The transitions of a pool's instances: launched or adopted, ready, failed, lost and drained. Confined to the pool's
 * loop.
 */
final class InstanceLifecycle implements Launch.Outcome {
    private final PoolLoop loop;
    private final Launcher launcher;
    private final SupervisedOptions options;
    private final Slots slots;
    private final Terminations terminations;
    private final PoolPublisher publisher;
    private final Backoff backoff;
    private long lastGeneration;

    InstanceLifecycle(PoolCore core, Terminations terminations, Backoff backoff) {
        this.loop = core.loop();
        this.launcher = core.launcher();
        this.options = core.options();
        this.slots = core.slots();
        this.publisher = core.publisher();
        this.terminations = terminations;
        this.backoff = backoff;
    }

    /** Returns the liveness of this instance, if the instance serves. */
    Optional<LivenessState> liveness(String id, long generation) {
        return slots.serving(new InstanceId(id, generation)).map(slot -> slot.liveness);
    }

    void launch(Slot slot) {
        lastGeneration = Math.max(lastGeneration + 1, loop.now().toEpochMilli());
        String prefix = slot.served ? options.replacementPrefix : "";
        LaunchRequest request = new LaunchRequest(
                slot.id, lastGeneration, InstanceNames.of(prefix, slot.id, lastGeneration), slot.served, slot.labels());
        publisher.event(new PoolEvent.Launching(new InstanceId(slot.id, lastGeneration), slot.served));
        Launch launch = new Launch(loop, options.probe, this, request, slot.spec, false);
        slot.incoming = launch;
        launch.begin(launcher, options.readinessTimeout);
    }

    /** Takes over an instance that an earlier owner launched, and probes it for at most this time. */
    void adopt(LaunchedInstance launched, Duration timeout) {
        Slot slot = slots.find(launched.id()).orElse(null);
        if (slot != null) {
            LaunchRequest request =
                    new LaunchRequest(launched.id(), launched.generation(), launched.name(), false, launched.labels());
            HashedSpec spec = HashedSpec.found(launched.specHash());
            Launch launch = new Launch(loop, options.probe, this, request, spec, true);
            slot.incoming = launch;
            launch.adopt(launched, timeout);
        }
    }

    /** Makes every later launch use a generation greater than this one. */
    void sawGeneration(long generation) {
        lastGeneration = Math.max(lastGeneration, generation);
    }

    /** Returns whether this instance serves, is being launched, or is being terminated. */
    boolean expects(InstanceId key) {
        return terminations.contains(key) || slots.holds(key);
    }

    /** Stops an instance that no slot needs. */
    void retire(InstanceId key, String reason) {
        terminations.retire(key, reason);
    }

    @Override
    public void ready(Launch launch, Instance instance) {
        Slot slot = slots.launching(launch).orElse(null);
        if (slot == null) {
            liveness(launch.key().serverId(), launch.key().generation())
                    .ifPresent(liveness -> liveness.reported("", loop.nanoTime()));
            return;
        }
        Instance old = slot.current;
        slot.serve(instance, launch.specHash(), loop.nanoTime());
        publisher.event(
                launch.adopted()
                        ? new PoolEvent.Adopted(new InstanceId(slot.id, instance.generation()))
                        : new PoolEvent.Ready(new InstanceId(slot.id, instance.generation()), launch.age()));
        if (old != null) {
            terminations.drain(slot.draining(old), old, false);
        }
        publisher.answer(slot.joined, slot.change(Outcome.ADDED, ""));
        answerReplacing(slot, Outcome.REPLACED, "");
    }

    /** Puts an adopted instance into service that has not passed its probe: it is replaced as an unfit one is. */
    @Override
    public void unproven(Launch launch, Instance instance, String reason) {
        Slot slot = slots.launching(launch).orElse(null);
        if (slot == null) {
            return;
        }
        slot.serveUnproven(launch, instance, loop.nanoTime());
        slot.liveness.reported(reason, loop.nanoTime());
        publisher.event(new PoolEvent.Adopted(new InstanceId(slot.id, instance.generation())));
        publisher.answer(slot.joined, slot.change(Outcome.ADDED, ""));
    }

    @Override
    public void failed(Launch launch, String reason) {
        Slot slot = slots.launching(launch).orElse(null);
        abandon(launch);
        if (slot == null) {
            return;
        }
        slot.incoming = null;
        publisher.event(
                new PoolEvent.LaunchFailed(new InstanceId(slot.id, launch.key().generation()), reason));
        if (slot.onTrial && !slot.served) {
            remove(slot, reason);
            return;
        }
        slot.failed(launch.specHash(), reason);
        if (slot.current == null || slot.rolloutStep != null) {
            backOff(slot, launch.key().generation());
        }
        publisher.answer(slot.joined, slot.change(Outcome.FAILED, reason));
        answerReplacing(slot, Outcome.FAILED, reason);
    }

    @Override
    public void late(Launch launch) {
        abandon(launch);
    }

    /** Notes that the launcher reported the end of this instance. */
    void exited(InstanceId key, String detail) {
        Slot slot = slots.find(key.serverId()).orElse(null);
        if (slot != null && slot.runs(key)) {
            lost(slot, detail);
        } else if (slot != null && slot.incoming != null && slot.launches(key)) {
            slot.incoming.fail("ended before it was ready: " + detail);
        } else {
            terminations.exited(key);
        }
    }

    /** Notes that the serving instance of this slot is gone. */
    void lost(Slot slot, String reason) {
        Instance instance = slot.current;
        if (instance == null) {
            return;
        }
        slot.failed(slot.currentSpec(), reason);
        slot.lose(loop.nanoTime(), options.stableAfter);
        publisher.event(new PoolEvent.Lost(new InstanceId(slot.id, instance.generation()), reason));
        terminations.end(new InstanceId(slot.id, instance.generation()));
        backOff(slot, instance.generation());
    }

    /** Removes a server: its launch is abandoned, its serving instance drains, and waiting changes fail. */
    void remove(Slot slot, String reason) {
        slots.remove(slot);
        abandonIncoming(slot);
        slot.endProof();
        if (slot.current != null) {
            terminations.drain(slot.draining(slot.current), slot.current, true);
            slot.current = null;
        }
        publisher.answer(slot.joined, slot.change(Outcome.FAILED, reason));
        refuseReplacing(slot, reason);
    }

    /** Removes an added server that did not become ready in time. */
    void giveUp(Slot slot, String reason) {
        if (slot.incoming != null) {
            slot.incoming.fail(reason);
        } else {
            remove(slot, reason);
        }
    }

    /** Leaves the serving instance of this slot running for the next owner of the pool. */
    void keepRunning(Slot slot, String reason) {
        abandonIncoming(slot);
        refuseReplacing(slot, reason);
    }

    private void abandonIncoming(Slot slot) {
        if (slot.incoming != null) {
            abandon(slot.incoming);
            slot.incoming = null;
        }
    }

    /** Terminates whatever a launch has started. */
    private void abandon(Launch launch) {
        launch.giveUp();
        terminations.end(launch.key());
    }

    private void backOff(Slot slot, long generation) {
        Duration delay = slot.backOff(loop.nanoTime(), backoff);
        if (!delay.isZero()) {
            publisher.event(new PoolEvent.BackingOff(new InstanceId(slot.id, generation), delay));
            loop.schedule(delay, () -> {});
        }
    }

    private void answerReplacing(Slot slot, Outcome outcome, String detail) {
        slot.takeReplacing().forEach(asked -> publisher.answer(asked, slot.change(outcome, detail)));
    }

    /** Refuses the replacements under way, then those that were asked for meanwhile. */
    private void refuseReplacing(Slot slot, String reason) {
        answerReplacing(slot, Outcome.FAILED, reason);
        answerReplacing(slot, Outcome.FAILED, reason);
    }
}
