package io.github.lbkit.examples.metrics;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation of rules and queries by Prometheus' own {@code promtool}, over series that a page of metrics had at two
 * times: for five minutes as before, and for fifteen minutes as after. Gauges change at once; counters rise by their
 * difference every 15 seconds. A second process shows the previous page all the time.
 */
final class Promtool {
    static final Path ALERTS =
            Path.of("..", "docs", "prometheus", "alerts.yml").toAbsolutePath().normalize();

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_0-9]+)\\{?(.*?)}? (\\S+)$");
    private static final Pattern COUNTER = Pattern.compile(".*_(total|count|sum|bucket)");
    private static final int BEFORE = 20;
    private static final int AFTER = 60;

    private final StringBuilder input = new StringBuilder();

    Promtool(String before, String after) {
        Map<String, String> first = samples(before);
        Map<String, String> last = samples(after);
        Set<String> all = new TreeSet<>(first.keySet());
        all.addAll(last.keySet());
        for (String series : all) {
            String name = series.substring(0, series.indexOf('{'));
            add(series, "changing:7433", values(name, first.get(series), last.get(series)));
        }
        first.forEach((series, value) -> add(series, "steady:7433", value + "x" + (BEFORE + AFTER)));
    }

    private static Map<String, String> samples(String page) {
        Map<String, String> samples = new TreeMap<>();
        SAMPLE.matcher(page)
                .results()
                .filter(sample -> !sample.group(3).equals("NaN"))
                .forEach(sample -> {
                    String labels = sample.group(2).isEmpty() ? "" : sample.group(2) + ",";
                    samples.put(sample.group(1) + "{" + labels, plain(sample.group(3)));
                });
        return samples;
    }

    private static String plain(String number) {
        return new BigDecimal(number).toPlainString();
    }

    private static String values(String name, @Nullable String before, @Nullable String after) {
        String start = before == null ? "_x" + BEFORE : before + "x" + BEFORE;
        if (after == null) {
            return start + " stale";
        }
        if (!COUNTER.matcher(name).matches()) {
            return start + " " + after + "x" + AFTER;
        }
        String from = before == null ? "0" : before;
        String step = new BigDecimal(after).subtract(new BigDecimal(from)).toPlainString();
        return start + " " + from + "+" + step + "x" + AFTER;
    }

    private void add(String series, String instance, String values) {
        String labels = series + "job=\"lbkit\",instance=\"" + instance + "\"}";
        input.append("      - series: '").append(labels.replace("'", "''")).append("'\n");
        input.append("        values: '").append(values).append("'\n");
    }

    /**
     * Checks that exactly these alerts fire at the end, each as its labels alertname, balancer, server and instance.
     */
    void requireFiring(Path directory, Set<String> alerts) throws Exception {
        StringBuilder samples = new StringBuilder();
        for (String alert : new TreeSet<>(alerts)) {
            samples.append("          - labels: '{").append(alert).append("}'\n            value: 1\n");
        }
        String expected = samples.isEmpty() ? " []\n" : "\n" + samples;
        run(
                directory,
                List.of("count by (alertname, balancer, server, instance) (ALERTS{alertstate=\"firing\"})"),
                expected);
    }

    /** Checks that these queries can be evaluated. */
    void requireQueries(Path directory, List<String> queries) throws Exception {
        run(
                directory,
                queries.stream()
                        .map(query -> "0 * count(" + query + ") or vector(0)")
                        .toList(),
                "\n          - value: 0\n            labels: '{}'\n");
    }

    private void run(Path directory, List<String> queries, String expected) throws IOException, InterruptedException {
        StringBuilder test = new StringBuilder("rule_files: ['" + ALERTS + "']\nevaluation_interval: 15s\ntests:\n");
        test.append("  - interval: 15s\n    input_series:\n").append(input).append("    promql_expr_test:\n");
        for (String query : queries) {
            test.append("      - expr: '").append(query.replace("'", "''")).append("'\n");
            test.append("        eval_time: 18m\n        exp_samples:").append(expected);
        }
        Path file = Files.writeString(Files.createTempFile(directory, "rules", ".yml"), test);
        String said = run("test", "rules", file.toString());
        if (!said.isEmpty()) {
            throw new AssertionError("promtool says of " + queries + ":\n" + said);
        }
    }

    /**
     * Returns what the tool printed; an empty string if it succeeded. Skips the test where the tool is not installed.
     */
    private static String run(String... arguments) throws IOException, InterruptedException {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":", -1))
                                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "promtool")))
                        || "true".equals(System.getenv("CI")),
                "not installed: promtool (Debian: prometheus)");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("promtool", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("promtool did not end");
            }
            return process.exitValue() == 0 ? "" : "exit " + process.exitValue() + "\n" + Files.readString(out);
        } finally {
            Files.delete(out);
        }
    }
}
