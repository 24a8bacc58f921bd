package io.github.lbkit.hashing;

import static io.github.lbkit.hashing.SimulationReport.BOUNDED;
import static io.github.lbkit.hashing.SimulationReport.LEAST_REQUESTS;
import static io.github.lbkit.hashing.SimulationReport.RANDOM;
import static io.github.lbkit.hashing.SimulationReport.RENDEZVOUS;
import static io.github.lbkit.hashing.SimulationReport.ROUND_ROBIN;
import static io.github.lbkit.hashing.SimulationReport.withProtection;

import io.github.lbkit.testkit.sim.OutcomeTable;
import io.github.lbkit.testkit.sim.Scenario;
import io.github.lbkit.testkit.sim.SimulationOutcome;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * A description of the outcomes of a scenario. All numbers are those of the outcomes; {@link SimulationReportTest}
 * checks the other claims.
 */
final class SimulationReadings {
    private final SimulationReport report;
    private final Scenario scenario;

    SimulationReadings(SimulationReport report, Scenario scenario) {
        this.report = report;
        this.scenario = scenario;
    }

    String text() {
        return switch (scenario.name()) {
            case "one slow server" -> oneSlowServer();
            case "fast 503s" -> fast503s();
            case "black hole" -> blackHole();
            case "flapping" -> flapping();
            case "all down, then back" -> allDownThenBack();
            case "rolling deploy" -> rollingDeploy();
            case "hot key" -> hotKey();
            case "scale from 2 to 200" -> scale();
            default -> throw new IllegalArgumentException("no description of scenario '" + scenario + "'");
        };
    }

    private String oneSlowServer() {
        return "From second 3 on, S1 is 20 times as slow as the other servers. Round robin still sends it "
                + shareOfS1(ROUND_ROBIN) + " of the attempts, and its 99th percentile is " + p99(ROUND_ROBIN)
                + ". Least requests sees more attempts in flight on S1 and sends it " + shareOfS1(LEAST_REQUESTS)
                + ". Protection ejects servers that are slower than five times the median, which reduces the 99th"
                + " percentile of round robin to " + p99(withProtection(ROUND_ROBIN)) + ".";
    }

    private String fast503s() {
        return "From second 3 on, S1 responds with 503 after 0.5 ms, so it has few attempts in flight. Least requests"
                + " therefore sends it " + shareOfS1(LEAST_REQUESTS) + " of the attempts, and "
                + failed(LEAST_REQUESTS) + " requests fail, compared with " + failed(ROUND_ROBIN)
                + " with round robin. Bounded load sends S1 the load that is too much for other servers, and "
                + failed(BOUNDED) + " requests fail. Protection ejects S1 after five failures in a row: at most "
                + mostFailedWithProtection() + " requests fail with any policy.";
    }

    private String blackHole() {
        return "From second 3 on, S1 accepts every request and never responds. With round robin, idempotent requests"
                + " to S1 time out after 1 second and are retried elsewhere (99th percentile " + p99(ROUND_ROBIN)
                + "); the others fail (" + failed(ROUND_ROBIN)
                + " requests). Least requests sees the attempts in flight on S1 accumulate, and "
                + failed(LEAST_REQUESTS) + " requests fail. When protection ejects S1, idempotent requests are"
                + " retried at once: at most " + mostFailedWithProtection() + " requests fail with any policy.";
    }

    private String flapping() {
        return "From second 3 on, S1 alternates every second between 503 responses and success. " + failed(ROUND_ROBIN)
                + " requests fail with round robin, and " + failed(LEAST_REQUESTS)
                + " with least requests. An ejection lasts longer than a second, and each ejection is longer than the"
                + " previous one, so at most " + mostFailedWithProtection() + " requests fail with protection.";
    }

    private String allDownThenBack() {
        long least = LongStream.of(failures()).min().orElseThrow();
        long most = LongStream.of(failures()).max().orElseThrow();
        return "At second 3 all servers crash, the pool notices after 100 ms, and the servers return 2.9 seconds"
                + " later. "
                + least + " to " + most + " requests of these three seconds fail, depending on the setup. They fail"
                + " at once, and most of them without an attempt (" + none(ROUND_ROBIN)
                + " with round robin). Successful requests are not slower, and no key moves, because each replacement"
                + " has the id of the crashed server.";
    }

    private String rollingDeploy() {
        return "From second 3 on, one server every two seconds is replaced by a new one, which is ten times as slow"
                + " at first. The new server takes over before the old one drains, so no request fails with any"
                + " setup, and no key moves. The 99th percentile of round robin is " + p99(ROUND_ROBIN)
                + ". Warm-up, and ejection of servers that are still too slow, reduce it to "
                + p99(withProtection(ROUND_ROBIN)) + ". Least requests without protection has "
                + p99(LEAST_REQUESTS) + ".";
    }

    private String hotKey() {
        return "30 % of the requests have the same key, so hashing sends one server "
                + fixed(outcome(RENDEZVOUS).maxOverMeanAttempts())
                + " times the mean number of attempts. This exceeds its capacity, and " + failed(RENDEZVOUS)
                + " requests fail. A load factor of 1.25 sends the excess to the next candidates: no server has more"
                + " than "
                + fixed(outcome(BOUNDED).maxOverMeanInFlight()) + " times the mean number of attempts in flight, and "
                + failed(BOUNDED) + " requests fail. A server is not ejected because it is overloaded, so protection"
                + " does not increase the overload: " + failed(withProtection(RENDEZVOUS)) + " requests fail with it.";
    }

    private String scale() {
        return "Two servers are overloaded, and " + failed(ROUND_ROBIN)
                + " requests fail in four seconds. There are 20 servers from second 4 on and 200 from second 8 on."
                + " With rendezvous hashing, the two changes move " + moved()
                + " of the keys in total. This is the minimum: 18 new servers of 20, and 180 of 200, must take 90 %"
                + " each. Overload ejects no server, so protection does not reduce the capacity ("
                + failed(withProtection(ROUND_ROBIN))
                + " requests fail). When nearly all servers are idle, least requests picks at random among servers"
                + " that are not clearly slower. The maximum of the attempts of a server is "
                + fixed(outcome(LEAST_REQUESTS).maxOverMeanAttempts()) + " times the mean, compared with "
                + fixed(outcome(RANDOM).maxOverMeanAttempts()) + " times with random choice.";
    }

    private SimulationOutcome outcome(String setup) {
        return report.of(scenario, setup);
    }

    private String shareOfS1(String setup) {
        return OutcomeTable.percent(outcome(setup).attemptShare("S1"));
    }

    private String p99(String setup) {
        return outcome(setup).latency(99).orElseThrow().toMillis() + " ms";
    }

    private long failed(String setup) {
        return outcome(setup).failed();
    }

    private long none(String setup) {
        return outcome(setup).failures().getOrDefault("NONE_READY", 0L);
    }

    private String moved() {
        return OutcomeTable.percent(outcome(RENDEZVOUS).movedKeys().orElseThrow());
    }

    private long[] failures() {
        return report.of(scenario).values().stream()
                .mapToLong(SimulationOutcome::failed)
                .toArray();
    }

    private long mostFailedWithProtection() {
        return report.of(scenario).values().stream()
                .filter(o -> o.setup().endsWith("protection"))
                .mapToLong(SimulationOutcome::failed)
                .max()
                .orElseThrow();
    }

    private static String fixed(double value) {
        long hundredths = Math.round(value * 100);
        return String.format(Locale.ROOT, "%d.%02d", hundredths / 100, hundredths % 100);
    }
}
