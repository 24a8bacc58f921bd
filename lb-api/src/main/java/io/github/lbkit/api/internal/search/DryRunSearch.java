package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.Key;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.internal.load.LoadCounter;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.load.TrafficHealth;
import io.github.lbkit.api.internal.protection.Protection;
import io.github.lbkit.api.internal.snapshot.RoutingTable;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search that reports what a call would do now and changes nothing: no place, no trial, no counter of the picker.
 * Confined to one thread.
 */
final class DryRunSearch extends CandidateSearch {
    /**
     * The skip reason of each candidate by index, in the order of the search; empty if the candidate is not skipped. A
     * second pass replaces the reasons of the first.
     */
    private final Map<Integer, Optional<SkipReason>> reasons = new LinkedHashMap<>();

    private @Nullable Picker preview;

    /** Creates a search on this snapshot. */
    DryRunSearch(CallContext context, Key key, Snapshot snapshot) {
        super(context, key, snapshot, false);
    }

    /** Returns the index of the candidate that a call would take; −1 if a call would get no server. */
    int choose() {
        int chosen = take();
        if (chosen >= 0) {
            reasons.put(chosen, Optional.empty());
        }
        return chosen;
    }

    /** Continues behind the chosen candidate, and returns the reasons of all candidates in the order of the search. */
    Map<Integer, Optional<SkipReason>> all() {
        for (int index; (index = picker(snapshot().table()).next(key, this, snapshot())) >= 0; ) {
            reasons.putIfAbsent(index, Optional.ofNullable(admit(index)));
        }
        for (int index = 0; index < snapshot().size(); index++) {
            if (!reasons.containsKey(index)) { // pickers leave out members of weight 0
                reasons.put(index, Optional.ofNullable(admit(index)));
            }
        }
        return reasons;
    }

    /**
     * Returns why a new call skips the member, whatever the key and regardless of warm-up; null if a call takes the
     * member.
     */
    @Nullable
    SkipReason reasonWhenWarm(int index) {
        return admitIgnoringWarmUp(index);
    }

    @Override
    Picker picker(RoutingTable table) {
        Picker known = preview;
        if (known == null) {
            known = table.picker().preview();
            preview = known;
        }
        return known;
    }

    @Override
    int pass(ServerLoad load) {
        Protection protection = context.protection;
        if (protection.wouldRefuse(load)) {
            return TrafficHealth.REFUSED;
        }
        return protection.wouldTry(load) ? 1 : TrafficHealth.ADMITTED;
    }

    @Override
    void giveBack(ServerLoad load, int trialNumber) {}

    @Override
    LoadCounter.Admission enter(LoadCounter counter, long limit) {
        return counter.wouldAdmit(limit);
    }

    @Override
    boolean enterPool(InFlightCap cap, LoadCounter counter) {
        return !cap.isReached();
    }

    @Override
    void onTaken(LoadCounter counter, int index) {}

    @Override
    void onSkipped(int index, SkipReason reason) {
        reasons.put(index, Optional.of(reason));
    }
}
