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
 * A check of routers and of custom hash functions. It reports slots that no key reaches, keys that collide too often,
 * and servers whose share differs much from the fair one. All methods are pure functions.
 *
 * <pre>{@code
 * LintReport report = Lint.of(HashRouters.ring(members, 10));
 * report.warnings().forEach(System.out::println);
 * }</pre>
 */
public final class Lint {
    private static final double MAX_RATIO = 1.25;
    private static final double MIN_RATIO = 0.8;
    private static final int MAX_WARNINGS_OF_A_KIND = 3;
    private static final int KEYS_PER_SLOT = 16;

    private Lint() {}

    /** Checks a router with its members. The shares are exact. */
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
                    shareWarnings(shares));
        }
        if (slotted.reachableSlots() == slotted.slots()) {
            return new LintReport(
                    router.name(),
                    OptionalInt.of(slotted.slots()),
                    OptionalInt.of(slotted.slots()),
                    OptionalDouble.of(1),
                    shares,
                    shareWarnings(shares));
        }
        SlotDistribution distribution = new SlotDistribution(slotted::slot, slotted.slots(), 0, slotted.slots());
        List<String> warnings = distribution.warnings(slotted.function());
        warnings.addAll(slotted.remarks());
        warnings.addAll(shareWarnings(shares));
        return distribution.report(router.name(), shares, warnings);
    }

    /** Checks a function from keys to slots, without servers. */
    public static LintReport of(String name, LongUnaryOperator slotOf, int slots) {
        return of(name, slotOf, slots, Map.of());
    }

    /**
     * Checks a function from keys to slots, with the keys from 0 to 16 times the number of slots.
     *
     * @param name the name of the function in the report
     * @param slotOf the function, from a key to its slot
     * @param slots the number of slots, 1 to 2^26
     * @param slotsByServer the slots of each server; a key belongs to the nearest server clockwise. If two servers have
     *     one slot, it belongs to the first server of the map
     */
    public static LintReport of(String name, LongUnaryOperator slotOf, int slots, Map<String, int[]> slotsByServer) {
        if (slots < 1 || slots > 1 << 26) {
            throw new IllegalArgumentException("slots " + slots + " is not within 1 to " + (1 << 26));
        }
        SlotDistribution distribution = new SlotDistribution(slotOf, slots, 0, (long) slots * KEYS_PER_SLOT);
        List<LintReport.Share> shares = distribution.shares(slotsByServer);
        List<String> warnings = distribution.warnings(name);
        warnings.addAll(shareWarnings(shares));
        return distribution.report(name, shares, warnings);
    }

    /** Returns warnings about the most overloaded and the most underloaded servers, up to three of each kind. */
    private static List<String> shareWarnings(List<LintReport.Share> shares) {
        List<String> warnings = new ArrayList<>();
        Comparator<LintReport.Share> byRatio = Comparator.comparingDouble(LintReport.Share::ratio);
        shares.stream()
                .filter(s -> s.ratio() > MAX_RATIO)
                .sorted(byRatio.reversed())
                .limit(MAX_WARNINGS_OF_A_KIND)
                .forEach(s -> warnings.add(warning(s)));
        shares.stream()
                .filter(s -> s.ratio() < MIN_RATIO)
                .sorted(byRatio)
                .limit(MAX_WARNINGS_OF_A_KIND)
                .forEach(s -> warnings.add(warning(s)));
        return warnings;
    }

    private static String warning(LintReport.Share share) {
        return "server " + share.id() + " has a share of " + LintReport.percent(share.actual()) + ", "
                + LintReport.times(share.ratio()) + " its fair share of " + LintReport.percent(share.fair());
    }
}
