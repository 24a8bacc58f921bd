package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolChange.Outcome;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.EarliestTimer;
import io.github.lbkit.api.internal.pool.PoolLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replacements of running instances that are unfit, one at a time. The new instance is launched beside the old one,
 * which serves until the new one is ready.
 *
 * <p>When more than half of the serving instances fail at once, the cause is probably elsewhere: a dependency, the
 * machine or the probe. Nothing is replaced for {@link SupervisedOptions.Builder#massFailureDelay} then. After that,
 * one instance is replaced, and the others follow if the replacement helps. Confined to the pool's loop.
 */
final class Replacements {
    private final PoolLoop loop;
    private final SupervisedOptions options;
    private final Slots slots;
    private final PoolPublisher publisher;
    private final Backoff backoff;

    /** The time within which other instances that fail for the same cause are noticed. */
    private final Duration observation;

    /** The replacement under way; null if there is none. */
    private @Nullable Slot current;

    /** The start of the current mass failure; null if there is none. */
    private @Nullable Long heldSinceNanos;

    /** Runs a step when a replacement may be due. */
    private final EarliestTimer wake;

    private long massSinceNanos;
    private boolean massTold;

    /** The end of the last mass failure; null if there was none. */
    private @Nullable Long resumedNanos;

    private final Map<Slot, Pause> pauses = new HashMap<>();

    /** The time before which a slot is not replaced again, after this many replacements that did not last. */
    private record Pause(int replacements, long untilNanos) {}

    Replacements(PoolLoop loop, SupervisedOptions options, Slots slots, PoolPublisher publisher, Backoff backoff) {
        this.loop = loop;
        this.options = options;
        this.slots = slots;
        this.publisher = publisher;
        this.backoff = backoff;
        this.wake = new EarliestTimer(loop, () -> {});
        observation = options.liveness
                .map(checks ->
                        checks.timeout().plusNanos((long) (checks.interval().toNanos() * (1 + checks.jitter()))))
                .orElse(Duration.ofSeconds(1));
    }

    /** Begins the next replacement, if one is due. */
    void settle() {
        List<Slot> serving =
                slots.all().stream().filter(slot -> slot.current != null).toList();
        pauses.keySet().retainAll(slots.all());
        List<Slot> unfit =
                serving.stream().filter(slot -> slot.liveness.isUnfit()).toList();
        int suspects =
                (int) serving.stream().filter(slot -> slot.liveness.isSuspect()).count();
        boolean mass = suspects > 1 && suspects * 2 > serving.size();
        if (!mass) {
            end(serving.size());
        }
        if (unfit.isEmpty() || current != null) {
            return;
        }
        long now = loop.nanoTime();
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
        if (!massTold && untold <= 0) { // all failures of the same cause are counted by now
            massTold = true;
            publisher.event(new PoolEvent.ReplacingHeld(suspects, serving));
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
            resumedNanos = loop.nanoTime();
            if (massTold) {
                massTold = false;
                publisher.event(new PoolEvent.ReplacingResumed(serving));
            }
        }
    }

    /**
     * Returns whether the slot may be replaced: no launch is under way, its pause is over, and other failures of the
     * same cause would be known.
     */
    private boolean isDue(Slot slot, long now) {
        if (slot.incoming != null || slot.rolloutStep != null) {
            return false;
        }
        Pause pause = pauses.get(slot);
        long left = slot.liveness.failingSinceNanos() + observation.toNanos() - now;
        if (resumedNanos != null) { // an instance may recover shortly after a mass failure
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
        long readySinceNanos = now - slot.readyFor(now).toNanos();
        boolean lasted = slot.liveness.failingSinceNanos() - readySinceNanos >= options.stableAfter.toNanos();
        Pause before = lasted ? null : pauses.get(slot);
        int replacements = before == null ? 1 : before.replacements() + 1;
        publisher.event(new PoolEvent.Unfit(new InstanceId(slot.id, slot.generation()), slot.liveness.reason()));
        var unused = slot.replacement(loop.nanoTime())
                .thenAccept(change -> loop.execute(() -> {
                    long ended = loop.nanoTime();
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
