package io.github.lbkit.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.router.SlottedRouter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongUnaryOperator;

/**
 * Looks at routers and at hash functions that somebody wrote, and says in words what is wrong with them: slots that no key
 * reaches, keys that meet too often, servers that expect far more or less than their share. Pure functions.
 */
public final class Lint {
    private static final double TOO_MUCH = 1.25;
    private static final double TOO_LITTLE = 0.8;
    private static final int NAMED = 3;
    private static final int KEYS_OF_A_SLOT = 16;

    private Lint() {}

    /** Looks at a router with its members; its shares are exact. */
    public static LintReport of(HashRouter router) {
        List<LintReport.Share> shares = new ArrayList<>();
        double total = router.members().stream().mapToLong(Member::weight).sum();
        for (int i = 0; i < router.members().size(); i++) {
            Member member = router.members().get(i);
            shares.add(new LintReport.Share(member.id(), router.share(i), total == 0 ? 0 : member.weight() / total));
        }
        if (!(router instanceof SlottedRouter slotted)) {
            return new LintReport(
                    router.name(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalDouble.empty(),
                    shares,
                    ofShares(shares));
        }
        if (slotted.reachableSlots() == slotted.slots()) {
            return new LintReport(
                    router.name(),
                    OptionalInt.of(slotted.slots()),
                    OptionalInt.of(slotted.slots()),
                    OptionalDouble.of(1),
                    shares,
                    ofShares(shares));
        }
        SlotDistribution counts = new SlotDistribution(slotted::slot, slotted.slots(), 0, slotted.slots());
        List<String> warnings = counts.warnings(slotted.function());
        warnings.addAll(slotted.remarks());
        warnings.addAll(ofShares(shares));
        return counts.report(router.name(), shares, warnings);
    }

    /** {@link #of(String, LongUnaryOperator, int, Map)} without servers. */
    public static LintReport of(String name, LongUnaryOperator slotOf, int slots) {
        return of(name, slotOf, slots, Map.of());
    }

    /**
     * Looks at a function from keys to slots, by the keys from 0 to 16 times the number of slots.
     *
     * @param name what to call it
     * @param slotOf the slot of a key
     * @param slots how many there are, 1 to 2^26
     * @param standing the slots where each server stands; a key belongs to the nearest clockwise. Servers of which there are
     *     two in one slot, the first of the map has it
     */
    public static LintReport of(String name, LongUnaryOperator slotOf, int slots, Map<String, int[]> standing) {
        if (slots < 1 || slots > 1 << 26) {
            throw new IllegalArgumentException("slots " + slots + " is not within 1 to " + (1 << 26));
        }
        SlotDistribution counts = new SlotDistribution(slotOf, slots, 0, (long) slots * KEYS_OF_A_SLOT);
        List<LintReport.Share> shares = counts.shares(standing);
        List<String> warnings = counts.warnings(name);
        warnings.addAll(ofShares(shares));
        return counts.report(name, shares, warnings);
    }

    /** The servers that are worst off, a few of each kind. */
    private static List<String> ofShares(List<LintReport.Share> shares) {
        List<String> warnings = new ArrayList<>();
        Comparator<LintReport.Share> byRatio = Comparator.comparingDouble(LintReport.Share::ratio);
        shares.stream()
                .filter(s -> s.ratio() > TOO_MUCH)
                .sorted(byRatio.reversed())
                .limit(NAMED)
                .forEach(s -> warnings.add(described(s)));
        shares.stream()
                .filter(s -> s.ratio() < TOO_LITTLE)
                .sorted(byRatio)
                .limit(NAMED)
                .forEach(s -> warnings.add(described(s)));
        return warnings;
    }

    private static String described(LintReport.Share share) {
        return "server " + share.id() + " expects " + LintReport.percent(share.expected()) + ", "
                + LintReport.times(share.ratio()) + " its fair " + LintReport.percent(share.fair());
    }
}
