package io.github.lbkit.testkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A Markdown table with one row per outcome. Immutable. Equal outcomes give equal text on every JVM, because numbers
 * are rounded with integer arithmetic.
 */
public final class OutcomeTable {
    private final List<Column> columns = new ArrayList<>();
    private final List<SimulationOutcome> outcomes;

    private record Column(String title, Function<SimulationOutcome, String> cell) {}

    private OutcomeTable(List<SimulationOutcome> outcomes) {
        this.outcomes = List.copyOf(outcomes);
        column("policy", SimulationOutcome::setup);
        column("success", o -> share(o.succeeded(), o.requests()));
        column("failed", o -> Long.toString(o.failed()));
        column("p50", o -> milliseconds(o.latency(50)));
        column("p99", o -> milliseconds(o.latency(99)));
        column("attempts/request", o -> fixed(o.attemptsPerRequest(), 3));
        column("max/mean attempts", o -> fixed(o.maxOverMeanAttempts(), 2));
        column("max/mean in flight", o -> fixed(o.maxOverMeanInFlight(), 2));
        if (outcomes.stream().anyMatch(o -> o.ejections() > 0)) {
            column("ejections", o -> Long.toString(o.ejections()));
        }
        outcomes.stream()
                .flatMap(o -> o.watched().stream())
                .distinct()
                .forEach(id -> column("attempts on " + id, o -> percent(o.attemptShare(id))));
        if (outcomes.stream().anyMatch(o -> o.movedKeys().isPresent())) {
            column(
                    "moved keys",
                    o -> o.movedKeys().isPresent() ? percent(o.movedKeys().getAsDouble()) : "–");
        }
    }

    /** Returns the table of these outcomes in their order, without columns that are empty for all of them. */
    public static String of(List<SimulationOutcome> outcomes) {
        return new OutcomeTable(outcomes).markdown();
    }

    /** Returns a share of 0 to 1 as a percentage with one digit after the point. */
    public static String percent(double share) {
        return fixed(share * 100, 1) + " %";
    }

    private void column(String title, Function<SimulationOutcome, String> cell) {
        columns.add(new Column(title, cell));
    }

    private String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, columns.stream().map(Column::title).toList());
        line(
                text,
                columns.stream()
                        .map(c -> c.title().equals("policy") ? "---" : "---:")
                        .toList());
        for (SimulationOutcome outcome : outcomes) {
            line(text, columns.stream().map(c -> c.cell().apply(outcome)).toList());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Returns a percentage rounded down, so that 100.0 % means all. */
    private static String share(long part, long whole) {
        return whole == 0 ? "–" : decimal(Math.floorDiv(part * 1_000, whole), 1) + " %";
    }

    private static String milliseconds(Optional<Duration> time) {
        return time.map(t -> decimal((t.toNanos() + 50_000) / 100_000, 1) + " ms")
                .orElse("–");
    }

    private static String fixed(double value, int digits) {
        double scale = 1;
        for (int i = 0; i < digits; i++) {
            scale *= 10;
        }
        return decimal(Math.round(value * scale), digits);
    }

    /** Returns a number of 0 or more with its last digits after the point. */
    private static String decimal(long number, int digits) {
        String text = Long.toString(number);
        String padded = "0".repeat(Math.max(0, digits + 1 - text.length())) + text;
        int point = padded.length() - digits;
        return padded.substring(0, point) + "." + padded.substring(point);
    }
}
