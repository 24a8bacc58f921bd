package io.github.lbkit.api.pool.supervised;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Who is launched next. Those that failed least come first, and all that fail repeatedly leave one launch free to
 * those that do not, so servers that never come up starve no other.
 */
final class LaunchOrder {
    private LaunchOrder() {}

    /** The slots to launch now, given what is under way; none of them has a launch of its own. */
    static List<Slot> due(Collection<Slot> slots, long nowNanos, int concurrency) {
        int free = concurrency;
        int freeToFailing = Math.max(1, concurrency - 1);
        for (Slot slot : slots) {
            if (slot.incoming != null && !slot.incoming.adopted()) {
                free--;
                freeToFailing -= slot.failsRepeatedly() ? 1 : 0;
            }
        }
        List<Slot> chosen = new ArrayList<>();
        for (Slot slot : slots.stream()
                .filter(slot -> slot.dueForLaunch(nowNanos))
                .sorted(Comparator.comparingInt(Slot::failures))
                .toList()) {
            if (free > 0 && (!slot.failsRepeatedly() || freeToFailing > 0)) {
                chosen.add(slot);
                free--;
                freeToFailing -= slot.failsRepeatedly() ? 1 : 0;
            }
        }
        return chosen;
    }
}
