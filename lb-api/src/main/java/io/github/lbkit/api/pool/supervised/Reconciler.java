package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.internal.GuardedCalls;
import io.github.lbkit.api.internal.pool.Backoff;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Compares the instances that the launcher lists with the desired servers. The first list decides what is adopted. Each
 * list retires instances that no server needs, and declares lost what it does not contain. Confined to the pool's loop.
 */
final class Reconciler {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

    private final GuardedCalls calls;
    private final Launcher launcher;
    private final SupervisedOptions options;
    private final Slots slots;
    private final Rollouts rollouts;
    private final InstanceLifecycle lifecycle;
    private final Takeover takeover;
    private final Runnable refuse;
    private final LeftoverRules leftovers;
    private final LauncherPoll poll;

    /** Written by the launcher's thread, read by the loop after the list that was requested next. */
    private volatile Optional<PoolState> remembered = Optional.empty();

    private boolean refused;
    private boolean observed;
    private boolean answered;

    /** @param refuse called once if the options refuse the instances that an earlier owner left */
    Reconciler(
            PoolCore core,
            Rollouts rollouts,
            InstanceLifecycle lifecycle,
            Takeover takeover,
            Backoff retries,
            Runnable refuse) {
        this.calls = core.log().calls();
        this.launcher = core.launcher();
        this.options = core.options();
        this.slots = core.slots();
        this.rollouts = rollouts;
        this.lifecycle = lifecycle;
        this.takeover = takeover;
        this.refuse = refuse;
        leftovers =
                new LeftoverRules(options.leftovers, () -> rollouts.settled().hash());
        poll = new LauncherPoll(core.loop(), core.log(), options.resyncInterval, retries, new Lists());
    }

    /** Requests the first list. */
    void begin() {
        poll.within(Duration.ZERO);
    }

    /** Requests a list soon: something may have changed. */
    void hint() {
        poll.hint();
    }

    void stop() {
        poll.stop();
    }

    Duration age() {
        return poll.age();
    }

    /** Notes that this instance is gone, although a list under way may still contain it. */
    void gone(InstanceId key) {
        poll.gone(key);
    }

    /** Returns whether the launcher has listed its instances; a launch before that could make a duplicate. */
    boolean hasObserved() {
        return observed;
    }

    /** Returns whether there is a membership to publish: the launcher has answered, or failed to. */
    boolean hasAnswered() {
        return answered;
    }

    private final class Lists implements LauncherPoll.Listener {
        /** Lists the instances; the first time, reads the state of an earlier owner, too. */
        @Override
        public CompletionStage<List<LaunchedInstance>> list() {
            return observed
                    ? calls.stage(launcher, "a list", launcher::list)
                    : calls.stage(launcher, "the state of an earlier owner", launcher::remembered)
                            .thenCompose(state -> {
                                remembered = state;
                                return calls.stage(launcher, "a list", launcher::list);
                            });
        }

        @Override
        public void listed(List<LaunchedInstance> instances) {
            if (!refused) {
                reconcile(instances);
            }
        }

        @Override
        public void notListed() {
            if (!observed) {
                answered = true;
                slots.all().forEach(slot -> slot.failed = true);
            }
        }
    }

    private void reconcile(List<LaunchedInstance> list) {
        Map<InstanceId, LaunchedInstance> found = new LinkedHashMap<>();
        list.forEach(launched -> found.put(launched.instanceId(), launched));
        if (!observed) {
            takeOver(list, found);
            if (refused) {
                return;
            }
        }
        found.forEach((key, launched) -> {
            lifecycle.sawGeneration(key.generation());
            if (!lifecycle.expects(key) && !poll.goneMeanwhile(key)) {
                lifecycle.retire(key, leftovers.whyNot(launched, slots.ids()));
            }
        });
        slots.all().forEach(slot -> lookFor(slot, found.keySet()));
    }

    private void takeOver(List<LaunchedInstance> list, Map<InstanceId, LaunchedInstance> found) {
        boolean adopts = options.leftovers != SupervisedOptions.Leftovers.RETIRE;
        boolean otherSpec = takeover.isOtherSpec(remembered, adopts ? list : List.of());
        SupervisedOptions.OnSpecChange change = options.onSpecChange;
        if (otherSpec && adopts && !list.isEmpty() && change == SupervisedOptions.OnSpecChange.REFUSE) {
            refused = true;
            refuse.run();
            return;
        }
        boolean kept = adopts && change == SupervisedOptions.OnSpecChange.KEEP;
        takeover.take(remembered, otherSpec && !kept, otherSpec);
        observed = true;
        answered = true;
        Duration timeout = leftovers.probeTimeout(options.readinessTimeout);
        takeover.renumber(leftovers.numbers(found.values()));
        List<LaunchedInstance> adoptable = leftovers.adoptable(found.values(), slots.ids());
        adoptable.forEach(launched -> lifecycle.adopt(launched, timeout));
        boolean mixed = !adoptable.stream().allMatch(leftovers::isSettledSpec);
        Optional<HashedSpec> target = takeover.target();
        if (target.isPresent() || (mixed && !(otherSpec && kept))) {
            var unused = rollouts.begin(target.orElse(rollouts.settled()), options.rollout);
        }
    }

    /** Declares an instance lost after two lists without it: one list may be older than the instance, or be wrong. */
    private void lookFor(Slot slot, Set<InstanceId> listed) {
        Instance current = slot.current;
        if (current != null) {
            int missed = slot.missedBy(listed.contains(new InstanceId(slot.id, current.generation())));
            if (missed == 1) {
                poll.within(LOOK_AGAIN);
            } else if (missed > 1) {
                lifecycle.lost(slot, "it is not listed any more");
            }
        }
    }
}
