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
 * Compares what the launcher says exists with what should: adopts at the first look, retires what nobody wants, and
 * declares lost what is not there any more. Confined to the pool's loop.
 */
final class Reconciler {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

    private final Supervisor supervisor;
    private final Terminations departures;
    private final LeftoverRules leftovers;
    private final Census census;
    private final StateKeeper memory;
    private final Launcher launcher;

    /** Written by the launcher's thread, read by the loop after the list that was asked for behind it. */
    private volatile Optional<PoolState> remembered = Optional.empty();

    private boolean refused;
    private boolean done;
    private boolean tried;

    Reconciler(Supervisor supervisor, Terminations departures, Launcher launcher, StateKeeper memory, Backoff retries) {
        this.supervisor = supervisor;
        this.launcher = launcher;
        this.memory = memory;
        this.departures = departures;
        SupervisedOptions options = supervisor.options;
        leftovers = new LeftoverRules(
                options.leftovers, () -> supervisor.rollouts.settled().hash());
        census = new Census(
                supervisor.loop,
                supervisor.log,
                launcher,
                this::look,
                options.resyncInterval,
                retries,
                this::observed,
                this::unobserved);
    }

    /** Looks for the first time. */
    void begin() {
        census.soon(Duration.ZERO);
    }

    /** Something may have changed. */
    void hint() {
        census.hint();
    }

    void stop() {
        census.stop();
    }

    Duration age() {
        return census.age();
    }

    /** This instance is gone; a look under way may still show it. */
    void gone(InstanceId key) {
        census.gone(key);
    }

    /** The launcher has said what exists; nothing is launched before, lest it exist twice. */
    boolean done() {
        return done;
    }

    /** There is something to publish: what exists, or that nobody says it. */
    boolean tried() {
        return tried;
    }

    /** Asks what exists; the first time also what an earlier owner had to say of it. */
    private CompletionStage<List<Launched>> look() {
        GuardedCalls calls = supervisor.calls();
        return done
                ? launcher.list()
                : calls.stage(launcher, "the state of before", launcher::remembered)
                        .thenCompose(state -> {
                            remembered = state;
                            return calls.stage(launcher, "a list", launcher::list);
                        });
    }

    private void observed(List<Launched> list) {
        if (refused) {
            return;
        }
        Map<String, Slot> slots = supervisor.slots();
        Map<InstanceId, Launched> found = new LinkedHashMap<>();
        list.forEach(launched -> found.put(launched.instanceId(), launched));
        if (!done) {
            begin(list, found);
            if (refused) {
                return;
            }
        }
        found.forEach((key, launched) -> {
            supervisor.sawGeneration(key.generation());
            if (!supervisor.expects(key) && !census.goneMeanwhile(key)) {
                departures.retire(key, leftovers.whyNot(launched, slots.keySet()));
            }
        });
        slots.values().forEach(slot -> lookFor(slot, found.keySet()));
    }

    private void begin(List<Launched> list, Map<InstanceId, Launched> found) {
        boolean adopts = supervisor.options.leftovers != SupervisedOptions.Leftovers.RETIRE;
        boolean otherSpec = memory.isOtherSpec(remembered, adopts ? list : List.of());
        SupervisedOptions.OnSpecChange change = supervisor.options.onSpecChange;
        if (otherSpec && adopts && !list.isEmpty() && change == SupervisedOptions.OnSpecChange.REFUSE) {
            refused = true;
            supervisor.refuse();
            return;
        }
        boolean kept = adopts && change == SupervisedOptions.OnSpecChange.KEEP;
        memory.take(remembered, otherSpec && !kept, otherSpec);
        done = true;
        tried = true;
        Duration patience = leftovers.patience(supervisor.options.readinessTimeout);
        supervisor.renumber(leftovers.numbers(found.values()));
        List<Launched> adoptable =
                leftovers.adoptable(found.values(), supervisor.slots().keySet());
        adoptable.forEach(launched -> supervisor.adopt(launched, patience));
        boolean mixed = !adoptable.stream().allMatch(leftovers::isOurs);
        Optional<HashedSpec> target = memory.target();
        if (target.isPresent() || (mixed && !(otherSpec && kept))) {
            HashedSpec to = target.orElse(supervisor.rollouts.settled());
            var unused = supervisor.rollouts.begin(to, supervisor.options.rollout);
        }
    }

    /** One list may have been made before the instance existed, or be wrong; two in a row are believed. */
    private void lookFor(Slot slot, Set<InstanceId> listed) {
        Instance current = slot.current;
        if (current != null) {
            int missed = slot.missedBy(listed.contains(new InstanceId(slot.id, current.generation())));
            if (missed == 1) {
                census.soon(LOOK_AGAIN);
            } else if (missed > 1) {
                supervisor.lost(slot, "it is not listed any more");
            }
        }
    }

    private void unobserved(String reason) {
        if (!done) {
            tried = true;
            supervisor.slots().values().forEach(slot -> slot.failed = true);
        }
    }
}
