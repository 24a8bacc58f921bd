package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.EarliestTimer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces instances that run and are unfit: one at a time, and beside the old instance, which serves until the new one is
 * ready. So the pool never takes a serving instance away before another serves in its place.
 *
 * <p>When more than half of the serving instances fail at once, their cause is hardly theirs: a dependency, the machine, the
 * probe. Nothing is replaced then for {@link SupervisedOptions.Builder#massFailureDelay}; after it, one is replaced to find
 * out whether that helps, and the others follow if it does. Confined to the pool's loop.
 */
final class Replacements {
    private final Supervisor supervisor;
    private final SupervisedOptions options;
    private final Backoff backoff;

    /** How long other instances that fail for the same cause need to be noticed. */
    private final Duration observation;

    /** The replacement under way; null if there is none. */
    private @Nullable Slot current;

    /** When the mass failure began; null if there is none. */
    private @Nullable Long heldSinceNanos;

    /** Looks again when something may be due. */
    private final EarliestTimer wake;

    private long massSinceNanos;
    private boolean massTold;

    /** When the last mass failure ended; null if there was none. */
    private @Nullable Long resumedNanos;

    private final Map<Slot, Pause> pauses = new HashMap<>();

    /** When a slot may be replaced again, after this many replacements that did not last. */
    private record Pause(int replacements, long untilNanos) {}

    Replacements(Supervisor supervisor, Backoff backoff) {
        this.supervisor = supervisor;
        this.options = supervisor.options;
        this.backoff = backoff;
        this.wake = new EarliestTimer(supervisor.loop, () -> {});
        observation = options.liveness
                .map(checks ->
                        checks.timeout().plusNanos((long) (checks.interval().toNanos() * (1 + checks.jitter()))))
                .orElse(Duration.ofSeconds(1));
    }

    /** Begins the next replacement, if one is due. */
    void settle() {
        List<Slot> serving = supervisor.slots().values().stream()
                .filter(slot -> slot.current != null)
                .toList();
        pauses.keySet().retainAll(supervisor.slots().values());
        List<Slot> unfit =
                serving.stream().filter(slot -> slot.vitals.isUnfit()).toList();
        int suspects =
                (int) serving.stream().filter(slot -> slot.vitals.isSuspect()).count();
        boolean mass = suspects > 1 && suspects * 2 > serving.size();
        if (!mass) {
            end(serving.size());
        }
        if (unfit.isEmpty() || current != null) {
            return;
        }
        long now = supervisor.loop.nanoTime();
        if (mass && isHeld(suspects, serving.size(), now)) {
            return;
        }
        unfit.stream().filter(slot -> isDue(slot, now)).findFirst().ifPresent(slot -> begin(slot, now));
    }

    private boolean isHeld(int suspects, int serving, long now) {
        if (heldSinceNanos == null) {
            heldSinceNanos = now;
            massSinceNanos = now;
        }
        long untold = massSinceNanos + observation.toNanos() - now;
        if (!massTold && untold <= 0) { // by now all that fail for the same cause are counted
            massTold = true;
            supervisor.outbox.event(new PoolEvent.ReplacingHeld(suspects, serving));
        } else if (!massTold) {
            wake.within(Duration.ofNanos(untold));
        }
        Duration left = Duration.ofNanos(heldSinceNanos + options.massFailureDelay.toNanos() - now);
        boolean held = !left.isNegative() && !left.isZero();
        if (held) {
            wake.within(left);
        }
        return held;
    }

    private void end(int serving) {
        if (heldSinceNanos != null) {
            heldSinceNanos = null;
            resumedNanos = supervisor.loop.nanoTime();
            if (massTold) {
                massTold = false;
                supervisor.outbox.event(new PoolEvent.ReplacingResumed(serving));
            }
        }
    }

    /** Whether the slot has no launch of another cause, its pause is over, and others of the same cause would show by now. */
    private boolean isDue(Slot slot, long now) {
        if (slot.incoming != null || slot.turn != null) {
            return false;
        }
        Pause pause = pauses.get(slot);
        long left = slot.vitals.failingSinceNanos() + observation.toNanos() - now;
        if (resumedNanos != null) { // what still fails after a mass failure may be about to pass
            left = Math.max(left, resumedNanos + observation.toNanos() - now);
        }
        if (pause != null) {
            left = Math.max(left, pause.untilNanos() - now);
        }
        if (left > 0) {
            wake.within(Duration.ofNanos(left));
        }
        return left <= 0;
    }

    private void begin(Slot slot, long now) {
        current = slot;
        boolean lasted =
                slot.vitals.failingSinceNanos() - (now - slot.readyFor(now).toNanos()) >= options.stableAfter.toNanos();
        Pause before = lasted ? null : pauses.get(slot);
        int replacements = before == null ? 1 : before.replacements() + 1;
        supervisor.outbox.event(new PoolEvent.Unfit(new InstanceId(slot.id, slot.generation()), slot.vitals.reason()));
        var unused = supervisor
                .replace(slot)
                .thenAccept(change -> supervisor.loop.run(() -> {
                    long ended = supervisor.loop.nanoTime();
                    pauses.put(
                            slot,
                            new Pause(
                                    replacements,
                                    ended + backoff.after(replacements + 1).toNanos()));
                    if (heldSinceNanos != null && change.outcome() == Outcome.FAILED) {
                        heldSinceNanos = ended;
                    }
                    current = null;
                }));
    }
}
