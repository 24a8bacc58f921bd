package io.github.lbkit.bench;

import com.sun.management.OperatingSystemMXBean;
import io.github.lbkit.api.Address;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerStatus;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.http.BalancedHttpClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * The balancing HttpClient: what it costs beside a plain one, and what its callers see when servers fail. Servers are
 * processes of their own.
 */
public final class ClientComparison {
    private static final int THREADS = 16;
    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ClientComparison() {}

    /** Takes the number of rounds and of requests in each. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 4;
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : 40_000;
        compare(rounds, requests);
        fail(10_000);
    }

    private static void compare(int rounds, int requests) throws Exception {
        try (TinyHttpServer first = TinyHttpServer.start(200);
                TinyHttpServer second = TinyHttpServer.start(200);
                TinyHttpServer third = TinyHttpServer.start(200);
                LoadBalancer one = balancer(List.of(first), new Outcomes());
                LoadBalancer three = balancer(List.of(first, second, third), new Outcomes());
                CloseableHttpClient plain = custom().build();
                CloseableHttpClient onOne = balancing(one);
                CloseableHttpClient onThree = balancing(three)) {
            String direct = "http://127.0.0.1:" + first.port() + "/";
            run(plain, direct, requests, n -> {});
            run(onOne, "http://orders/", requests, n -> {});
            run(onThree, "http://orders/", requests, n -> {});
            for (int round = 1; round <= rounds; round++) {
                System.out.println("round " + round + ": plain " + run(plain, direct, requests, n -> {}));
                System.out.println(
                        "round " + round + ": balanced, one server " + run(onOne, "http://orders/", requests, n -> {}));
                System.out.println("round " + round + ": balanced, three servers "
                        + run(onThree, "http://orders/", requests, n -> {}));
            }
        }
    }

    private static void fail(int requests) throws Exception {
        Outcomes outcomes = new Outcomes();
        try (TinyHttpServer first = TinyHttpServer.start(200);
                TinyHttpServer second = TinyHttpServer.start(200);
                TinyHttpServer busy = TinyHttpServer.start(503);
                LoadBalancer balancer = balancer(List.of(first, second, busy), outcomes);
                CloseableHttpClient client = balancing(balancer)) {
            Result result = run(client, "http://orders/", requests, n -> {
                if (n == requests / 2) {
                    first.kill();
                }
            });
            System.out.println("s1 killed after " + requests / 2 + " requests, s3 answers 503: " + result
                    + "; attempts " + outcomes);
            System.out.println("in flight at the end: "
                    + balancer.servers().stream()
                            .mapToInt(ServerStatus::inFlight)
                            .sum());
        }
    }

    private static HttpClientBuilder custom() {
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(THREADS)
                        .setMaxConnTotal(4 * THREADS)
                        .build());
    }

    private static CloseableHttpClient balancing(LoadBalancer balancer) {
        return BalancedHttpClient.builder()
                .balance("orders", balancer)
                .classic(custom())
                .build();
    }

    private static LoadBalancer balancer(List<TinyHttpServer> processes, LoadBalancerListener listener) {
        List<Server> servers = new ArrayList<>();
        for (TinyHttpServer process : processes) {
            String name = "s" + (servers.size() + 1);
            servers.add(Server.ready(name, new Instance(name, Address.of("127.0.0.1", process.port()), 1)));
        }
        return LoadBalancer.builder(
                        StaticPool.of("orders", Runtimes.system(), servers), Policies.named("round-robin", Map.of()))
                .ejection(Ejection.DEFAULTS)
                .listener(listener)
                .build();
    }

    /** What happens at each request. */
    @FunctionalInterface
    private interface Step {
        void at(int request);
    }

    private record Result(int requests, int failed, double seconds, double cpuMicros) {
        @Override
        public String toString() {
            return String.format(
                    "%d requests, %d failed, %.0f a second, %.1f µs of CPU each",
                    requests, failed, requests / seconds, cpuMicros);
        }
    }

    private static Result run(CloseableHttpClient client, String url, int requests, Step step) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        long cpu = MACHINE.getProcessCpuTime();
        long begin = System.nanoTime();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                for (int n = begun.incrementAndGet(); n <= requests; n = begun.incrementAndGet()) {
                    step.at(n);
                    if (!ask(client, url)) {
                        failed.incrementAndGet();
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Result(requests, failed.get(), seconds, (MACHINE.getProcessCpuTime() - cpu) / 1e3 / requests);
    }

    private static boolean ask(CloseableHttpClient client, String url) {
        try {
            return client.execute(new HttpGet(url), response -> {
                EntityUtils.consume(response.getEntity());
                return response.getCode() == 200;
            });
        } catch (IOException e) {
            System.out.println(e);
            return false;
        }
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
