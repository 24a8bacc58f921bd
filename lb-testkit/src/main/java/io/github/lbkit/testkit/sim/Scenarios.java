package io.github.lbkit.testkit.sim;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scenarios of common failures and load changes. Unless stated otherwise, there are five servers with an exponentially
 * distributed service time of 10 ms on average, a concurrency of 64 and a queue capacity of 64. 1,000 requests per
 * second arrive for 15 seconds, with 10,000 uniformly distributed keys, from {@link Client#DEFAULTS}.
 */
public final class Scenarios {
    private static final Duration START = Duration.ofSeconds(3);
    private static final ServerModel GOOD =
            new ServerModel(Behaviour.serving(ServiceTime.exponential(Duration.ofMillis(10))), 64, 64);
    private static final Behaviour FAST_503 = Behaviour.failing(ServiceTime.constant(Duration.ofNanos(500_000)));

    private Scenarios() {}

    /** Returns all scenarios of this class. */
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

    /** Returns a scenario in which S1 is 20 times as slow from second 3 on. */
    public static Scenario oneSlowServer() {
        return fiveServers("one slow server")
                .watch("S1")
                .measureLoadsFrom(START)
                .at(
                        START,
                        servers -> servers.setModel(
                                "S1", GOOD.withBehaviour(GOOD.behaviour().slower(20))))
                .build();
    }

    /** Returns a scenario in which S1 responds with 503 after 0.5 ms from second 3 on. */
    public static Scenario fast503s() {
        return fiveServers("fast 503s")
                .watch("S1")
                .measureLoadsFrom(START)
                .at(START, servers -> servers.setModel("S1", GOOD.withBehaviour(FAST_503)))
                .build();
    }

    /** Returns a scenario in which S1 accepts every request and never responds from second 3 on. */
    public static Scenario blackHole() {
        return fiveServers("black hole")
                .watch("S1")
                .measureLoadsFrom(START)
                .at(
                        START,
                        servers -> servers.setModel(
                                "S1",
                                GOOD.withBehaviour(Behaviour.unresponsive()).withCapacity(100_000, 0)))
                .build();
    }

    /** Returns a scenario in which S1 alternates every second between 503 responses and success from second 3 on. */
    public static Scenario flapping() {
        Duration second = Duration.ofSeconds(1);
        Behaviour flapping = Behaviour.alternating(FAST_503, second, GOOD.behaviour(), second);
        return fiveServers("flapping")
                .watch("S1")
                .measureLoadsFrom(START)
                .at(START, servers -> servers.setModel("S1", GOOD.withBehaviour(flapping)))
                .build();
    }

    /**
     * Returns a scenario in which all servers crash at second 3; the pool notices after 100 ms, and they return 2.9 s
     * later.
     */
    public static Scenario allDownThenBack() {
        return fiveServers("all down, then back")
                .at(
                        START,
                        servers -> servers.ids()
                                .forEach(id ->
                                        servers.crashAndRestart(id, Duration.ofMillis(100), Duration.ofMillis(2_900))))
                .build();
    }

    /**
     * Returns a scenario that replaces a server every 2 seconds from second 3 on; new servers are 10 times as slow at
     * first.
     */
    public static Scenario rollingDeploy() {
        ServerModel cold = GOOD.withBehaviour(GOOD.behaviour().coldFor(Duration.ofSeconds(2), 10));
        Scenario.Builder builder = fiveServers("rolling deploy");
        for (int i = 1; i <= 5; i++) {
            String id = "S" + i;
            builder.at(Duration.ofSeconds(1 + 2L * i), servers -> servers.replace(id, cold, Duration.ofSeconds(5)));
        }
        return builder.build();
    }

    /**
     * Returns a scenario with a service time of 50 ms and a concurrency of 16, in which 30 % of the requests have the
     * same key.
     */
    public static Scenario hotKey() {
        Behaviour slow = Behaviour.serving(ServiceTime.exponential(Duration.ofMillis(50)));
        return Scenario.named("hot key")
                .servers(5, new ServerModel(slow, 16, 64))
                .keys(Keys.oneHot(0.3, 10_000))
                .build();
    }

    /**
     * Returns a scenario of two overloaded servers with a concurrency of 4; there are 20 from second 4 on, 200 from
     * second 8 on.
     */
    public static Scenario scaleFrom2To200() {
        ServerModel small = GOOD.withCapacity(4, 64);
        return Scenario.named("scale from 2 to 200")
                .servers(2, small)
                .measureLoadsFrom(Duration.ofSeconds(10))
                .at(Duration.ofSeconds(4), servers -> servers.addAll(numbered(3, 20, small)))
                .at(Duration.ofSeconds(8), servers -> servers.addAll(numbered(21, 200, small)))
                .build();
    }

    private static Scenario.Builder fiveServers(String name) {
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
