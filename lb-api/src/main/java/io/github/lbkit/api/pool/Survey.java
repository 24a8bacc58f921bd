package io.github.lbkit.api.pool;

import io.github.lbkit.api.Instance;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what the launcher says exists with what should: adopts at the first look, retires what nobody wants, and
 * declares lost what is not there any more. Confined to the pool's loop.
 */
final class Survey {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

    private final Supervisor supervisor;
    private final Departures departures;
    private final LeftoverRules leftovers;
    private final Census census;
    private boolean done;
    private boolean tried;

    Survey(Supervisor supervisor, Departures departures, Launcher launcher, String specHash, Backoff retries) {
        this.supervisor = supervisor;
        this.departures = departures;
        SupervisedOptions options = supervisor.options;
        leftovers = new LeftoverRules(options.leftovers, specHash);
        census = new Census(
                supervisor.loop,
                supervisor.notifier.log(),
                launcher,
                options.resyncEvery,
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
    void gone(InstanceKey key) {
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

    private void observed(List<Launched> list) {
        Map<String, Slot> slots = supervisor.slots();
        Map<InstanceKey, Launched> found = new LinkedHashMap<>();
        list.forEach(launched -> found.put(InstanceKey.of(launched), launched));
        if (!done) {
            done = true;
            tried = true;
            Duration patience = leftovers.patience(supervisor.options.readinessTimeout);
            supervisor.renumber(leftovers.numbers(found.values()));
            List<Launched> adoptable = leftovers.adoptable(found.values(), slots.keySet());
            adoptable.forEach(launched -> supervisor.adopt(launched, patience));
            if (!adoptable.stream().allMatch(leftovers::isOurs)) {
                var unused = supervisor.rollouts.begin(supervisor.rollouts.settled(), supervisor.options.rollout);
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

    /** One list may have been made before the instance existed, or be wrong; two in a row are believed. */
    private void lookFor(Slot slot, Set<InstanceKey> listed) {
        Instance current = slot.current;
        if (current != null) {
            int missed = slot.missedBy(listed.contains(new InstanceKey(slot.id, current.generation())));
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
