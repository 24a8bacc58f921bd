package io.github.lbkit.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A walk that tells what a call would do now, and takes nothing: no place, no trial, no turn of the picker. Confined to one
 * thread.
 */
final class Look extends Walk {
    /**
     * Why each candidate is passed by, by index in the order in which the walk first met them; empty if it is not. A second look
     * replaces the reasons of the first, for the candidates that it meets.
     */
    private final Map<Integer, Optional<SkipReason>> reasons = new LinkedHashMap<>();

    private @Nullable Picker preview;

    Look(LoadBalancer balancer, Key key, Snapshot snapshot) {
        super(balancer, key, snapshot, false);
    }

    /** Walks to the candidate that a call would take, and tells its index; −1 if a call would get no server. */
    int choose() {
        int chosen = take();
        if (chosen >= 0) {
            reasons.put(chosen, Optional.empty());
        }
        return chosen;
    }

    /** Walks on over the candidates behind the chosen one, and tells all in the order of the walk. */
    Map<Integer, Optional<SkipReason>> all() {
        for (int index; (index = picker(snapshot().table).next(key, this, snapshot())) >= 0; ) {
            reasons.putIfAbsent(index, Optional.ofNullable(admit(index)));
        }
        for (int index = 0; index < snapshot().servers.length; index++) {
            if (!reasons.containsKey(index)) { // pickers leave out members of weight 0
                reasons.put(index, Optional.ofNullable(admit(index)));
            }
        }
        return reasons;
    }

    /** Why a call that has tried nothing passes the member by now, whatever its key; null if it does not. */
    @Nullable
    SkipReason reasonWhenWarm(int index) {
        return admitWarm(index);
    }

    @Override
    Picker picker(Snapshot.Table table) {
        Picker known = preview;
        if (known == null) {
            known = table.picker().preview();
            preview = known;
        }
        return known;
    }

    @Override
    int pass(ServerLoad load) {
        Protection protection = balancer.protection;
        if (protection.wouldRefuse(load)) {
            return TrafficHealth.REFUSED;
        }
        return protection.wouldTry(load) ? 1 : TrafficHealth.ADMITTED;
    }

    @Override
    void giveBack(ServerLoad load, int trialNumber) {}

    @Override
    Stripe.Admission enter(Stripe stripe, long limit) {
        return stripe.wouldAdmit(limit);
    }

    @Override
    boolean enterPool(InFlightCap cap, Stripe stripe) {
        return !cap.isReached();
    }

    @Override
    void took(Stripe stripe, int index) {}

    @Override
    void passedBy(int index, SkipReason reason) {
        reasons.put(index, Optional.of(reason));
    }
}
