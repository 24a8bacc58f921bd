package io.github.lbkit.bench;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.BalancedHttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * A program that compares the balancing HttpClient with a plain one, and shows the results of its callers when servers
 * fail. Each server is a process.
 */
public final class ClientComparison {
    private static final String NAME = "http://orders/";
    private static final int FAILING = 10_000;

    private ClientComparison() {}

    /**
     * Runs a comparison. The arguments are {@code classic}, {@code async} or {@code failures}, then the number of
     * rounds, of requests in each round, and of warm-up requests.
     */
    public static void main(String[] args) throws Exception {
        String mode = args.length > 0 ? args[0] : "classic";
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        int requests = args.length > 2 ? Integer.parseInt(args[2]) : 20_000;
        int warmUp = args.length > 3 ? Integer.parseInt(args[3]) : 200_000;
        switch (mode) {
            case "classic", "async" -> compare(mode.equals("async"), rounds, requests, warmUp);
            case "failures" -> {
                fail(false);
                fail(true);
            }
            default -> throw new IllegalArgumentException("'" + mode + "' is not classic, async or failures");
        }
    }

    private static void compare(boolean async, int rounds, int requests, int warmUp) throws Exception {
        try (TinyHttpServer first = TinyHttpServer.start(200);
                TinyHttpServer second = TinyHttpServer.start(200);
                TinyHttpServer third = TinyHttpServer.start(200);
                LoadBalancer one = builder(List.of(first)).build();
                LoadBalancer three = builder(List.of(first, second, third)).build();
                ClientLoad plain = plain(async, "http://127.0.0.1:" + first.port() + "/");
                ClientLoad onOne = balancing(async, one);
                ClientLoad onThree = balancing(async, three)) {
            List<ClientLoad> loads = List.of(plain, onOne, onThree);
            for (ClientLoad load : loads) {
                var unused = load.run(warmUp, n -> {});
            }
            List<List<ClientLoad.Result>> all = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                ClientLoad.Result[] results = new ClientLoad.Result[loads.size()];
                for (int i = 0; i < results.length; i++) {
                    int index = (round + i) % results.length; // each load is first equally often
                    results[index] = loads.get(index).run(requests, n -> {});
                }
                all.add(List.of(results));
            }
            System.out.println((async ? "async" : "classic") + ", " + rounds + " rounds of " + requests + " requests");
            report("plain, one server", all, 0);
            report("balanced, one server", all, 1);
            report("balanced, three servers", all, 2);
        }
    }

    private static void report(String name, List<List<ClientLoad.Result>> rounds, int which) {
        System.out.printf(
                "  %s: %.0f a second, %.1f µs of CPU each; ÷ plain: requests a second %s, CPU %s%n",
                name,
                rounds.stream()
                        .mapToDouble(r -> r.get(which).perSecond())
                        .average()
                        .orElse(0),
                rounds.stream()
                        .mapToDouble(r -> r.get(which).cpuMicros())
                        .average()
                        .orElse(0),
                ratio(rounds, which, ClientLoad.Result::perSecond),
                ratio(rounds, which, ClientLoad.Result::cpuMicros));
    }

    /** Returns the geometric mean of the ratios to the plain client over the rounds, and their middle half. */
    private static String ratio(
            List<List<ClientLoad.Result>> rounds, int which, ToDoubleFunction<ClientLoad.Result> figure) {
        double[] ratios = rounds.stream()
                .mapToDouble(r -> figure.applyAsDouble(r.get(which)) / figure.applyAsDouble(r.get(0)))
                .sorted()
                .toArray();
        double logs = 0;
        for (double ratio : ratios) {
            logs += Math.log(ratio);
        }
        return String.format(
                "%.2f (%.2f to %.2f)",
                Math.exp(logs / ratios.length),
                ratios[ratios.length / 4],
                ratios[ratios.length - 1 - ratios.length / 4]);
    }

    private static void fail(boolean async) throws Exception {
        Outcomes outcomes = new Outcomes();
        try (TinyHttpServer first = TinyHttpServer.start(200);
                TinyHttpServer second = TinyHttpServer.start(200);
                TinyHttpServer busy = TinyHttpServer.start(503);
                LoadBalancer balancer =
                        builder(List.of(first, second, busy)).listener(outcomes).build();
                ClientLoad load = balancing(async, balancer)) {
            ClientLoad.Result result = load.run(FAILING, n -> {
                if (n == FAILING / 2) {
                    first.kill();
                }
            });
            System.out.println((async ? "async" : "classic") + ", " + FAILING + " requests, s1 killed after "
                    + FAILING / 2 + ", s3 answers 503: " + result.failed() + " failed, " + result + "; attempts "
                    + outcomes);
            System.out.println("  in flight at the end: "
                    + balancer.servers().stream()
                            .mapToInt(ServerStatus::inFlight)
                            .sum());
        }
    }

    private static ClientLoad plain(boolean async, String url) {
        return async ? new AsyncLoad(url, client -> client) : new ClassicLoad(url, client -> client);
    }

    private static ClientLoad balancing(boolean async, LoadBalancer balancer) {
        BalancedHttpClient.Builder balanced = BalancedHttpClient.builder().balance("orders", balancer);
        return async ? new AsyncLoad(NAME, balanced::async) : new ClassicLoad(NAME, balanced::classic);
    }

    private static LoadBalancer.Builder builder(List<TinyHttpServer> processes) {
        List<Server> servers = new ArrayList<>();
        for (TinyHttpServer process : processes) {
            String name = "s" + (servers.size() + 1);
            servers.add(Server.ready(name, new Instance(name, Address.of("127.0.0.1", process.port()), 1)));
        }
        return LoadBalancer.builder(
                        StaticPool.of("orders", Runtimes.system(), servers), Policies.named("round-robin", Map.of()))
                .ejection(Ejection.DEFAULTS);
    }

    /** Counts outcomes by server. */
    private static final class Outcomes implements LoadBalancerListener {
        private final Map<String, AtomicInteger> counts = new ConcurrentSkipListMap<>();

        private void count(Server server, String outcome) {
            counts.computeIfAbsent(server.id() + " " + outcome, o -> new AtomicInteger())
                    .incrementAndGet();
        }

        @Override
        public void succeeded(Server server, Duration sinceBegin) {
            count(server, "succeeded");
        }

        @Override
        public void failed(Server server, Failure failure, Duration sinceBegin) {
            count(server, "failed " + failure);
        }

        @Override
        public void abandoned(Server server, Duration sinceBegin) {
            count(server, "abandoned");
        }

        @Override
        public String toString() {
            return counts.toString();
        }
    }
}
