package io.github.lbkit.bench.hashing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What the routers should reach, beside what was measured. Confined to one thread. */
final class Targets {
    private static final String HASH = Contender.HASH.label();
    private static final String RING = Contender.RING.label();
    private static final String RENDEZVOUS = Contender.RENDEZVOUS.label();
    private static final String CAPPED = Contender.CAPPED.label();
    private static final String TREE_MAP = Contender.TREE_MAP.label();
    private static final String ANCHOR = Contender.JUMP_BACK_ANCHOR.label();
    private static final String BARE = Contender.BARE_TABLE.label();
    /** Who takes the hash of a string and nothing else. */
    static final String ALONE = "hash alone";

    private static final String GONE = "look-up after 90 % left";

    private final Results results;
    private final List<String> lines = new ArrayList<>();

    private Targets(Results results) {
        this.results = results;
    }

    /** All of them, as a table of Markdown. */
    static String table(Results results) {
        Targets targets = new Targets(results);
        targets.lookups();
        targets.changes();
        targets.shapes();
        return "| what | target | measured | met |\n|---|---|---|---|\n" + String.join("", targets.lines);
    }

    private void lookups() {
        for (int servers : List.of(10, 100, 1_000)) {
            atMost(
                    "claim table, long key, n = " + servers,
                    of("look-up", HASH, servers),
                    4,
                    "ns",
                    of("look-up", BARE, servers));
        }
        atMost("the same, allocated, n = 1,000", of("look-up, allocated", HASH, 1_000), 0, "B/op");
        strings("string", "one of 16,384");
        strings(Part.FEW_STRINGS, "one of 1,024");
        atMost("the same, allocated", of("string, allocated", HASH, 1_000), 0, "B/op");
        atLeast(
                "TreeMap ring ÷ claim table, long key, n = 1,000",
                ratio(of("look-up", TREE_MAP, 1_000), of("look-up", HASH, 1_000)),
                20,
                "×");
        atLeast(
                "allgood-consistent-hash ÷ claim table, 24-char string, n = 1,000",
                ratio(of("string", Contender.ALLGOOD.label(), 1_000), of("string", HASH, 1_000)),
                20,
                "×");
        atMost(
                "claim table, 1,000 servers of which 90 % left ÷ before",
                ratio(of(GONE, HASH, 1_000), of("look-up", HASH, 1_000)), 1.2, "×");
        atLeast(
                "JumpBackAnchorHash ÷ claim table there",
                ratio(of(GONE, ANCHOR, 1_000), of(GONE, HASH, 1_000)),
                10,
                "×");
        atMost("packed ring, n = 1,000, V = 100", of("look-up", RING, 1_000), 12, "ns");
        atMost("weighted rendezvous, n = 10", of("look-up", Contender.WEIGHTED.label(), 10), 60, "ns");
    }

    private void strings(String what, String which) {
        for (int servers : List.of(100, 1_000)) {
            OptionalDouble alone = of(what, ALONE, servers);
            atMost(
                    "24-char string, " + which + " → server ÷ the hash alone, n = " + servers,
                    ratio(of(what, HASH, servers), alone),
                    1.25,
                    "×",
                    ratio(of(what, BARE, servers), alone));
        }
    }

    private void changes() {
        atMost("packed ring, n = 1,000, V = 100, memory", of("memory", RING, 1_000), 1_434, "B/server");
        atMost("claim table 2^16, n = 100, add", thousandth(of("add", HASH, 100)), 0.1, "ms");
        atMost("claim table 2^16, n = 100, remove", thousandth(of("remove", HASH, 100)), 0.5, "ms");
        atMost("claim table 2^16, n = 100, rebuild", thousandth(of("rebuild", HASH, 100)), 6, "ms");
    }

    private void shapes() {
        atMost("peak ÷ mean, claim table 2^16, n = 100", of("peak", HASH, 100), 1.10, "×");
        atMost("peak ÷ mean, claim table 2^20, n = 1,000", of("peak", HASH, 1_000), 1.08, "×");
        atMost("peak ÷ mean, capped, ε = 5 %, n = 100", of("peak", CAPPED, 100), 1.051, "×");
        for (String who : List.of(HASH, RING, RENDEZVOUS)) {
            for (String change : List.of("join", "leave")) {
                atMost("moved ÷ least, a server " + change + "s " + who + ", n = 100", of(change, who, 100), 1, "×");
            }
        }
        for (String change : List.of("join", "leave")) {
            atMost(
                    "moved ÷ least, a server " + change + "s " + CAPPED + ", n = 100",
                    of(change, CAPPED, 100),
                    1.05,
                    "×");
        }
        atMost(
                "bounded load, c = 1.05, n = 1,000: candidates inspected, cap of all 100,000 keys from the first on",
                of(Part.FIXED_CAP, HASH, 1_000),
                1.06,
                "");
        atMost("the same, cap of the keys that are there", of(Part.RISING_CAP, HASH, 1_000), 1.06, "");
    }

    private OptionalDouble of(String what, String who, int servers) {
        return results.value(what, who, servers);
    }

    private static OptionalDouble ratio(OptionalDouble a, OptionalDouble b) {
        return a.isPresent() && b.isPresent()
                ? OptionalDouble.of(a.getAsDouble() / b.getAsDouble())
                : OptionalDouble.empty();
    }

    private static OptionalDouble thousandth(OptionalDouble micros) {
        return micros.isPresent() ? OptionalDouble.of(micros.getAsDouble() / 1_000) : micros;
    }

    private void atMost(String what, OptionalDouble measured, double target, String unit) {
        atMost(what, measured, target, unit, OptionalDouble.empty());
    }

    /** With what one read of a bare array takes instead, where that is the least. */
    private void atMost(String what, OptionalDouble measured, double target, String unit, OptionalDouble least) {
        boolean met = measured.isPresent() && measured.getAsDouble() <= target;
        String beside = least.isPresent() ? " (bare read: " + number(least.getAsDouble()) + ")" : "";
        line(what, "≤ ", target, unit, measured, beside, met);
    }

    private void atLeast(String what, OptionalDouble measured, double target, String unit) {
        boolean met = measured.isPresent() && measured.getAsDouble() >= target;
        line(what, "≥ ", target, unit, measured, "", met);
    }

    private void line(
            String what, String sign, double target, String unit, OptionalDouble measured, String beside, boolean met) {
        String value = measured.isPresent() ? number(measured.getAsDouble()) + " " + unit : "not measured";
        lines.add("| " + what + " | " + (sign + number(target) + " " + unit).strip() + " | " + value.strip() + beside
                + " | " + (met ? "yes" : "no") + " |\n");
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
    }
}
