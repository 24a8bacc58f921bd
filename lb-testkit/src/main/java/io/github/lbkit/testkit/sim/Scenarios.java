package io.github.lbkit.testkit.sim;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The troubles that a balancer is there for, as scenarios. Unless said otherwise: five servers that take 10 ms on average
 * (exponentially distributed), 64 attempts at once and 64 waiting; 1,000 requests a second for 15 seconds with 10,000 keys
 * that are all as frequent; clients as {@link Client#DEFAULT}.
 */
public final class Scenarios {
    private static final Duration START = Duration.ofSeconds(3);
    private static final ServerModel GOOD =
            new ServerModel(Behaviour.serving(ServiceTime.exponential(Duration.ofMillis(10))), 64, 64);
    private static final Behaviour FAST_503 = Behaviour.failing(ServiceTime.constant(Duration.ofNanos(500_000)));

    private Scenarios() {}

    /** All that follow, in their order. */
    public static List<Scenario> all() {
        return List.of(
                oneSlowServer(),
                fast503s(),
                blackHole(),
                flapping(),
                allDownThenBack(),
                rollingDeploy(),
                hotKey(),
                scaleFrom2To200());
    }

    /** From the third second on, S1 takes 20 times as long. */
    public static Scenario oneSlowServer() {
        return five("one slow server")
                .watch("S1")
                .loadsFrom(START)
                .at(
                        START,
                        servers ->
                                servers.become("S1", GOOD.with(GOOD.behaviour().slower(20))))
                .build();
    }

    /** From the third second on, S1 answers 503 in half a millisecond. */
    public static Scenario fast503s() {
        return five("fast 503s")
                .watch("S1")
                .loadsFrom(START)
                .at(START, servers -> servers.become("S1", GOOD.with(FAST_503)))
                .build();
    }

    /** From the third second on, S1 takes every request and answers none. */
    public static Scenario blackHole() {
        return five("black hole")
                .watch("S1")
                .loadsFrom(START)
                .at(
                        START,
                        servers -> servers.become(
                                "S1", GOOD.with(Behaviour.silent()).with(100_000, 0)))
                .build();
    }

    /** From the third second on, S1 is well for a second and answers 503 for a second, in turns. */
    public static Scenario flapping() {
        Duration second = Duration.ofSeconds(1);
        Behaviour flapping = Behaviour.alternating(FAST_503, second, GOOD.behaviour(), second);
        return five("flapping")
                .watch("S1")
                .loadsFrom(START)
                .at(START, servers -> servers.become("S1", GOOD.with(flapping)))
                .build();
    }

    /** In the third second all servers crash, which the pool notices after 100 ms; 2.9 seconds later they are back. */
    public static Scenario allDownThenBack() {
        return five("all down, then back")
                .at(
                        START,
                        servers -> servers.ids()
                                .forEach(id ->
                                        servers.crashAndRestart(id, Duration.ofMillis(100), Duration.ofMillis(2_900))))
                .build();
    }

    /** From the third second on, one server every two seconds is replaced; new ones take ten times as long at first. */
    public static Scenario rollingDeploy() {
        ServerModel cold = GOOD.with(GOOD.behaviour().coldFor(Duration.ofSeconds(2), 10));
        Scenario.Builder builder = five("rolling deploy");
        for (int i = 1; i <= 5; i++) {
            String id = "S" + i;
            builder.at(Duration.ofSeconds(1 + 2L * i), servers -> servers.replace(id, cold, Duration.ofSeconds(5)));
        }
        return builder.build();
    }

    /** Servers that take 50 ms and 16 attempts at once; three requests of ten have one and the same key. */
    public static Scenario hotKey() {
        Behaviour slow = Behaviour.serving(ServiceTime.exponential(Duration.ofMillis(50)));
        return Scenario.named("hot key")
                .servers(5, new ServerModel(slow, 16, 64))
                .keys(Keys.oneHot(0.3, 10_000))
                .build();
    }

    /** Two servers that take 4 attempts at once are too few; at second 4 there are 20 of them, at second 8 there are 200. */
    public static Scenario scaleFrom2To200() {
        ServerModel small = GOOD.with(4, 64);
        return Scenario.named("scale from 2 to 200")
                .servers(2, small)
                .loadsFrom(Duration.ofSeconds(10))
                .at(Duration.ofSeconds(4), servers -> servers.addAll(numbered(3, 20, small)))
                .at(Duration.ofSeconds(8), servers -> servers.addAll(numbered(21, 200, small)))
                .build();
    }

    private static Scenario.Builder five(String name) {
        return Scenario.named(name).servers(5, GOOD);
    }

    private static Map<String, ServerModel> numbered(int first, int last, ServerModel model) {
        Map<String, ServerModel> servers = new TreeMap<>();
        for (int i = first; i <= last; i++) {
            servers.put("S" + i, model);
        }
        return servers;
    }
}
