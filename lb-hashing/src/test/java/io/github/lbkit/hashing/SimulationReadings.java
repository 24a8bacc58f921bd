package io.github.lbkit.hashing;

import static io.github.lbkit.hashing.SimulationReport.BOUNDED;
import static io.github.lbkit.hashing.SimulationReport.LEAST_REQUESTS;
import static io.github.lbkit.hashing.SimulationReport.RANDOM;
import static io.github.lbkit.hashing.SimulationReport.RENDEZVOUS;
import static io.github.lbkit.hashing.SimulationReport.ROUND_ROBIN;
import static io.github.lbkit.hashing.SimulationReport.withProtection;

import io.github.lbkit.testkit.sim.Outcome;
import io.github.lbkit.testkit.sim.OutcomeTable;
import io.github.lbkit.testkit.sim.Scenario;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * What a scenario's outcomes show, in words. Every number is taken from the outcomes; what is claimed beside them
 * {@link SimulationReportTest} holds against them.
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
            default -> throw new IllegalArgumentException("no words for scenario '" + scenario + "'");
        };
    }

    private String oneSlowServer() {
        return "From second 3 on, S1 takes 20 times as long as the others. Round robin goes on giving it "
                + shareOfS1(ROUND_ROBIN) + " of the attempts, with a 99th percentile of " + p99(ROUND_ROBIN)
                + "; least requests always find it busier and give it " + shareOfS1(LEAST_REQUESTS)
                + ", and protection, which ejects what is slower than five times the median, brings round robin to "
                + p99(withProtection(ROUND_ROBIN)) + ".";
    }

    private String fast503s() {
        return "From second 3 on, S1 answers 503 in half a millisecond and so looks idle: least requests send it "
                + shareOfS1(LEAST_REQUESTS) + " of the attempts and fail " + failed(LEAST_REQUESTS)
                + " requests where round robin fails " + failed(ROUND_ROBIN)
                + ", and bounded load sends it what is too much for others (" + failed(BOUNDED)
                + "). Protection ejects it after five failures in a row, so that at most " + mostFailedWithProtection()
                + " requests fail by any policy.";
    }

    private String blackHole() {
        return "From second 3 on, S1 takes every request and answers none: with round robin nine of ten wait a second"
                + " and are repeated elsewhere (99th percentile " + p99(ROUND_ROBIN)
                + "), and the others, which may not be repeated, fail (" + failed(ROUND_ROBIN)
                + "). Least requests see its attempts pile up and lose "
                + failed(LEAST_REQUESTS)
                + "; ejection, after which all that may be repeated moves on at once, leaves at most "
                + mostFailedWithProtection() + " failed requests by any policy.";
    }

    private String flapping() {
        return "From second 3 on, S1 answers 503 for a second and is well for a second, in turns, which fails "
                + failed(ROUND_ROBIN) + " requests by round robin and " + failed(LEAST_REQUESTS)
                + " by least requests. An ejection lasts longer than a turn, and each one longer than the last, so"
                + " protection lets at most " + mostFailedWithProtection() + " requests fail.";
    }

    private String allDownThenBack() {
        long least = LongStream.of(failures()).min().orElseThrow();
        long most = LongStream.of(failures()).max().orElseThrow();
        return "At second 3 all servers crash, 100 ms later the pool knows it, and after another 2.9 seconds they are"
                + " back: of the requests of these three seconds, " + least + " to " + most
                + " fail by every setup, all at once, most of them without an attempt ("
                + none(ROUND_ROBIN) + " by round robin). None of those that succeed is slower for it, and since a"
                + " replacement has the id of the dead, no key has moved.";
    }

    private String rollingDeploy() {
        return "From second 3 on, one server every two seconds is replaced by a cold one, which takes ten times as long"
                + " at first; it takes over before the old one drains, so no request fails by any setup, and no key"
                + " moves. The cold ones cost round robin a 99th percentile of " + p99(ROUND_ROBIN)
                + "; warm-up, and ejection of those that are still too slow, bring it to "
                + p99(withProtection(ROUND_ROBIN)) + ", and least requests alone to " + p99(LEAST_REQUESTS) + ".";
    }

    private String hotKey() {
        return "Three requests of ten have the same key, so hashing gives one server "
                + fixed(outcome(RENDEZVOUS).maxOverMeanAttempts())
                + " times the mean, more than it can work on, and refuses " + failed(RENDEZVOUS)
                + " requests; a load factor of 1.25 sends what is too much to the next candidates, so that no server"
                + " has more than " + fixed(outcome(BOUNDED).maxOverMeanInFlight())
                + " times the mean in flight, and refuses " + failed(BOUNDED)
                + ". A server that says that it has too much to do is not ejected for that, so ejection makes the"
                + " overload no worse: " + failed(withProtection(RENDEZVOUS)) + " fail with it.";
    }

    private String scale() {
        return "Two servers are too few and refuse " + failed(ROUND_ROBIN)
                + " requests in four seconds, then there are 20,"
                + " and at second 8 there are 200; under rendezvous " + moved()
                + " of the keys move in the two changes, which is the least that 18 new of 20 and 180 new of 200 must"
                + " take (90 % each). Refusals for overload eject nobody, so protection makes the shortage no worse ("
                + failed(withProtection(ROUND_ROBIN))
                + " fail). Where nearly every server is idle, least requests choose at random, as long as none is"
                + " clearly slower: the luckiest server has "
                + fixed(outcome(LEAST_REQUESTS).maxOverMeanAttempts()) + " times the mean, and "
                + fixed(outcome(RANDOM).maxOverMeanAttempts()) + " times by random.";
    }

    private Outcome outcome(String setup) {
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
        return report.of(scenario).values().stream().mapToLong(Outcome::failed).toArray();
    }

    private long mostFailedWithProtection() {
        return report.of(scenario).values().stream()
                .filter(o -> o.setup().endsWith("protection"))
                .mapToLong(Outcome::failed)
                .max()
                .orElseThrow();
    }

    private static String fixed(double value) {
        long hundredths = Math.round(value * 100);
        return String.format(Locale.ROOT, "%d.%02d", hundredths / 100, hundredths % 100);
    }
}
