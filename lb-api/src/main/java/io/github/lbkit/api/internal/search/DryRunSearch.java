package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.Key;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.SkipReason;
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
 * A walk that tells what a call would do now, and takes nothing: no place, no trial, no turn of the picker. Confined to one
 * thread.
 */
public final class DryRunSearch extends CandidateSearch {
    /**
     * Why each candidate is passed by, by index in the order in which the walk first met them; empty if it is not. A second look
     * replaces the reasons of the first, for the candidates that it meets.
     */
    private final Map<Integer, Optional<SkipReason>> reasons = new LinkedHashMap<>();

    private @Nullable Picker preview;

    public DryRunSearch(CallContext context, Key key, Snapshot snapshot) {
        super(context, key, snapshot, false);
    }

    /** Walks to the candidate that a call would take, and tells its index; −1 if a call would get no server. */
    public int choose() {
        int chosen = take();
        if (chosen >= 0) {
            reasons.put(chosen, Optional.empty());
        }
        return chosen;
    }

    /** Walks on over the candidates behind the chosen one, and tells all in the order of the walk. */
    public Map<Integer, Optional<SkipReason>> all() {
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

    /** Why a call that has tried nothing passes the member by now, whatever its key; null if it does not. */
    @Nullable
    public SkipReason reasonWhenWarm(int index) {
        return admitWarm(index);
    }

    @Override
    public Picker picker(RoutingTable table) {
        Picker known = preview;
        if (known == null) {
            known = table.picker().preview();
            preview = known;
        }
        return known;
    }

    @Override
    public int pass(ServerLoad load) {
        Protection protection = context.protection;
        if (protection.wouldRefuse(load)) {
            return TrafficHealth.REFUSED;
        }
        return protection.wouldTry(load) ? 1 : TrafficHealth.ADMITTED;
    }

    @Override
    public void giveBack(ServerLoad load, int trialNumber) {}

    @Override
    LoadCounter.Admission enter(LoadCounter counter, long limit) {
        return counter.wouldAdmit(limit);
    }

    @Override
    public boolean enterPool(InFlightCap cap, LoadCounter counter) {
        return !cap.isReached();
    }

    @Override
    public void took(LoadCounter counter, int index) {}

    @Override
    public void passedBy(int index, SkipReason reason) {
        reasons.put(index, Optional.of(reason));
    }
}
