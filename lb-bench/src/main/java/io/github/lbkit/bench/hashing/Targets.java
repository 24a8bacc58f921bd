package io.github.lbkit.bench.hashing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The targets of the routers, compared with the measured values. Confined to one thread. */
final class Targets {
    private static final String HASH = Algorithm.HASH.label();
    private static final String RING = Algorithm.RING.label();
    private static final String RENDEZVOUS = Algorithm.RENDEZVOUS.label();
    private static final String CAPPED = Algorithm.CAPPED.label();
    private static final String TREE_MAP = Algorithm.TREE_MAP.label();
    private static final String ANCHOR = Algorithm.JUMP_BACK_ANCHOR.label();
    private static final String BARE = Algorithm.BARE_TABLE.label();

    private static final String AFTER_REMOVAL = "look-up after 90 % left";

    private final Results results;
    private final List<String> lines = new ArrayList<>();

    private Targets(Results results) {
        this.results = results;
    }

    /** Returns all targets as a Markdown table. */
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
        strings(ReportPart.FEW_STRINGS, "one of 1,024");
        atMost("the same, allocated", of("string, allocated", HASH, 1_000), 0, "B/op");
        atLeast(
                "TreeMap ring ÷ claim table, long key, n = 1,000",
                ratio(of("look-up", TREE_MAP, 1_000), of("look-up", HASH, 1_000)),
                20,
                "×");
        atLeast(
                "allgood-consistent-hash ÷ claim table, 24-char string, n = 1,000",
                ratio(of("string", Algorithm.ALLGOOD.label(), 1_000), of("string", HASH, 1_000)),
                20,
                "×");
        atMost(
                "claim table, 1,000 servers of which 90 % left ÷ before",
                ratio(of(AFTER_REMOVAL, HASH, 1_000), of("look-up", HASH, 1_000)), 1.2, "×");
        atLeast(
                "JumpBackAnchorHash ÷ claim table there",
                ratio(of(AFTER_REMOVAL, ANCHOR, 1_000), of(AFTER_REMOVAL, HASH, 1_000)),
                10,
                "×");
        atMost("packed ring, n = 1,000, V = 100", of("look-up", RING, 1_000), 12, "ns");
        atMost("weighted rendezvous, n = 10", of("look-up", Algorithm.WEIGHTED.label(), 10), 60, "ns");
    }

    private void strings(String what, String which) {
        for (int servers : List.of(100, 1_000)) {
            OptionalDouble alone = of(what, StringBenchmark.HASH_ALONE, servers);
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
        for (String algorithm : List.of(HASH, RING, RENDEZVOUS)) {
            for (String change : List.of("join", "leave")) {
                atMost(
                        "moved ÷ least, a server " + change + "s " + algorithm + ", n = 100",
                        of(change, algorithm, 100),
                        1,
                        "×");
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
                of(ReportPart.FIXED_CAP, HASH, 1_000),
                1.06,
                "");
        atMost("the same, cap of the keys that are there", of(ReportPart.RISING_CAP, HASH, 1_000), 1.06, "");
    }

    private OptionalDouble of(String what, String algorithm, int servers) {
        return results.value(what, algorithm, servers);
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

    /** Adds an upper target, with the value of one array read where that is the lower bound. */
    private void atMost(String what, OptionalDouble measured, double target, String unit, OptionalDouble arrayRead) {
        boolean met = measured.isPresent() && measured.getAsDouble() <= target;
        String remark = arrayRead.isPresent() ? " (bare read: " + number(arrayRead.getAsDouble()) + ")" : "";
        line(what, "≤ ", target, unit, measured, remark, met);
    }

    private void atLeast(String what, OptionalDouble measured, double target, String unit) {
        boolean met = measured.isPresent() && measured.getAsDouble() >= target;
        line(what, "≥ ", target, unit, measured, "", met);
    }

    private void line(
            String what, String sign, double target, String unit, OptionalDouble measured, String remark, boolean met) {
        String value = measured.isPresent() ? number(measured.getAsDouble()) + " " + unit : "not measured";
        lines.add("| " + what + " | " + (sign + number(target) + " " + unit).strip() + " | " + value.strip() + remark
                + " | " + (met ? "yes" : "no") + " |\n");
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
    }
}
