package io.github.lbkit.testkit.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fixture.InOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Bounded load: after an attempt was admitted, its server's load is within its part of the total, times c. */
class BoundedLoadTest {
    private static LoadBalancer balancer(double factor, List<Integer> weights) {
        ScriptedPool pool = new ScriptedPool("test");
        LoadBalancer balancer = LoadBalancer.builder(pool, new InOrder())
                .runtimes(new ManualScheduler().asRuntimes())
                .loadFactor(factor)
                .build();
        Server[] servers = new Server[weights.size()];
        for (int i = 0; i < servers.length; i++) {
            Instance instance = new Instance("i" + i, Address.of("127.0.0.1", 9000), 1);
            servers[i] = Server.ready(String.format("s%03d", i), instance).withWeight(weights.get(i));
        }
        pool.publish(servers);
        return balancer;
    }

    private static long cap(double factor, long total, long weight, long weights) {
        return Math.max(1, (long) Math.ceil(Math.round(factor * 1000) * total * weight / (1000.0 * weights) - 1e-9));
    }

    @Property(tries = 300)
    void no_server_ever_carries_more_than_its_part(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 9) Integer> weights,
            @ForAll @IntRange(min = 1000, max = 3000) int thousandths,
            @ForAll long seed) {
        double factor = thousandths / 1000.0;
        LoadBalancer balancer = balancer(factor, weights);
        int sum = weights.stream().mapToInt(Integer::intValue).sum();
        SplittableRandom random = new SplittableRandom(seed);
        List<Attempt> open = new ArrayList<>();

        for (int step = 0; step < 200; step++) {
            if (open.isEmpty() || random.nextInt(5) < 3) {
                Attempt attempt = (Attempt) balancer.call(Key.none()).next();
                open.add(attempt);
                ServerStatus server = balancer.servers().stream()
                        .filter(s -> s.server().id().equals(attempt.server().id()))
                        .findFirst()
                        .orElseThrow();
                assertThat((long) server.inFlight())
                        .isLessThanOrEqualTo(
                                cap(factor, open.size(), server.server().weight(), sum));
            } else {
                open.remove(random.nextInt(open.size())).succeeded();
            }
        }

        assertThat(balancer.forced())
                .as("one thread never finds all servers full")
                .isZero();
        open.forEach(Attempt::succeeded);
        assertThat(balancer.servers()).allMatch(s -> s.inFlight() == 0);
    }

    @Test
    void the_tightest_bound_spreads_all_load_evenly() {
        LoadBalancer balancer = balancer(1, List.of(1, 1, 1, 1));

        for (int i = 1; i <= 40; i++) {
            balancer.call(Key.none()).next();
        }

        assertThat(balancer.servers()).allMatch(s -> s.inFlight() == 10);
    }

    @Test
    void the_bound_is_reached_and_not_passed() {
        LoadBalancer balancer = balancer(1.25, List.of(1, 1, 1, 1));

        for (int i = 1; i <= 100; i++) {
            balancer.call(Key.none()).next();
        }

        List<Integer> loads =
                balancer.servers().stream().map(ServerStatus::inFlight).toList();
        assertThat(loads.get(0)).as("⌈1.25 · 100 / 4⌉").isEqualTo(32);
        assertThat(loads).allMatch(load -> load <= 32);
        assertThat(loads.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    }

    @Test
    void one_server_takes_everything() {
        LoadBalancer balancer = balancer(1, List.of(1));

        for (int i = 1; i <= 10; i++) {
            assertThat(balancer.call(Key.none()).next()).isInstanceOf(Attempt.class);
        }

        assertThat(balancer.servers().get(0).inFlight()).isEqualTo(10);
    }

    @Test
    void eight_threads_lose_no_count_and_are_never_refused() throws Exception {
        LoadBalancer balancer = balancer(1.05, List.of(1, 2, 3, 4, 5));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Integer>> done = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int seed = t;
            done.add(threads.submit(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                List<Attempt> open = new ArrayList<>();
                for (int i = 0; i < 20_000; i++) {
                    if (open.size() < 5 && (open.isEmpty() || random.nextBoolean())) {
                        open.add((Attempt) balancer.call(Key.none()).next());
                    } else {
                        open.remove(random.nextInt(open.size())).succeeded();
                    }
                }
                open.forEach(Attempt::abandoned);
                return open.size();
            }));
        }
        for (Future<Integer> thread : done) {
            assertThat(thread.get()).isBetween(0, 5);
        }
        threads.shutdown();

        assertThat(balancer.servers()).allMatch(s -> s.inFlight() == 0);
        Attempt after = (Attempt) balancer.call(Key.none()).next();
        assertThat(after.server().id()).as("the total is back at zero").isEqualTo("s000");
        after.succeeded();
    }

    @Test
    void a_factor_below_one_is_refused() {
        assertThatThrownBy(() -> balancer(0.99, List.of(1)))
                .hasMessageContaining("0.99")
                .hasMessageContaining("1 to");
        assertThatThrownBy(() -> balancer(Double.NaN, List.of(1))).hasMessageContaining("NaN");
    }
}
