package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.api.pool.SubsetPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubsetPoolTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool all = new ScriptedPool("all");
    private final PoolContext context = new PoolContext("subset", scheduler.asRuntimes(), Path.of("unused"));
    private final List<ServerPool> open = new ArrayList<>();

    @AfterEach
    void closePools() {
        open.forEach(ServerPool::close);
        assertThat(all.subscriptions()).isZero();
    }

    private SubsetPool opened(SubsetPool pool) {
        open.add(pool);
        scheduler.runDue();
        return pool;
    }

    private SubsetPool ofClient(String client, int size) {
        return opened(SubsetPool.ofClient(context, all, client, size));
    }

    private static Server server(String id, String... labels) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1))
                .withLabels(map);
    }

    private static Server[] servers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> server("s" + (1_000 + i)))
                .toArray(Server[]::new);
    }

    private void publish(Server... servers) {
        all.publish(servers);
        scheduler.runDue();
    }

    private static Set<String> ids(ServerPool pool) {
        Set<String> ids = new HashSet<>();
        pool.membership().servers().stream()
                .filter(server -> server.state() != Server.State.DRAINING)
                .forEach(server -> ids.add(server.id()));
        return ids;
    }

    @Test
    void labels_choose() {
        publish(server("a", "v", "1", "zone", "x"), server("b", "v", "2"), server("c", "v", "1"));

        SubsetPool one = opened(SubsetPool.labelled(context, all, Map.of("v", "1")));
        SubsetPool zone = opened(SubsetPool.labelled(context, all, Map.of("v", "1", "zone", "x")));

        assertThat(ids(one)).containsExactlyInAnyOrder("a", "c");
        assertThat(ids(zone)).containsExactly("a");
    }

    @Test
    void nothing_is_known_as_long_as_the_other_pool_knows_nothing() {
        SubsetPool pool = ofClient("me", 3);
        assertThat(pool.membership().isKnown()).isFalse();

        publish();

        assertThat(pool.membership().isKnown()).isTrue();
        assertThat(pool.ready().toCompletableFuture()).isCompleted();
    }

    @Test
    void a_client_gets_the_same_servers_whatever_else_it_saw_before() {
        publish(servers(50));
        Set<String> chosen = ids(ofClient("client-7", 10));
        publish(servers(20));
        SubsetPool later = ofClient("client-7", 10);
        publish(servers(50));

        assertThat(ids(later)).isEqualTo(chosen).hasSize(10);
        assertThat(ids(ofClient("client-8", 10))).isNotEqualTo(chosen);
        assertThat(ids(ofClient("client-7", 100))).hasSize(50);
    }

    @Test
    void the_choice_is_pinned() {
        publish(servers(10));

        assertThat(ids(ofClient("golden", 3))).containsExactlyInAnyOrder("s1005", "s1006", "s1009");
    }

    @Test
    void a_server_that_leaves_changes_one_place_of_its_own_subsets_and_no_other() {
        Server[] before = servers(100);
        for (int client = 0; client < 30; client++) {
            publish(before);
            SubsetPool pool = ofClient("client-" + client, 20);
            Set<String> chosen = ids(pool);

            publish(IntStream.range(0, 99).mapToObj(i -> before[i]).toArray(Server[]::new));
            Set<String> without = ids(pool);

            Set<String> joined = new HashSet<>(without);
            joined.removeAll(chosen);
            assertThat(joined).hasSize(chosen.contains("s1099") ? 1 : 0);
            assertThat(without).hasSize(20).doesNotContain("s1099");
        }
    }

    @Test
    void clients_are_spread_over_servers_as_chance_would_have_it() {
        publish(servers(40));
        Map<String, Integer> clients = new HashMap<>();
        for (int client = 0; client < 400; client++) {
            ids(ofClient("client-" + client, 10)).forEach(id -> clients.merge(id, 1, Integer::sum));
        }

        assertThat(clients).hasSize(40);
        assertThat(clients.values())
                .as("100 on average, standard deviation 8.7; the choice is fixed, so this cannot fail by chance")
                .allMatch(count -> count > 60 && count < 140);
    }

    @Test
    void state_moves_no_client_but_weight_0_and_draining_do() {
        publish(servers(10));
        SubsetPool pool = ofClient("me", 3);
        Set<String> chosen = ids(pool);
        String one = chosen.iterator().next();

        publish(changed(one, server -> server.withState(Server.State.DOWN)));
        assertThat(ids(pool)).isEqualTo(chosen);
        publish(changed(one, server -> server.withWeight(0)));
        assertThat(ids(pool)).hasSize(3).doesNotContain(one);
        publish(changed(one, server -> server.withState(Server.State.DRAINING)));

        assertThat(ids(pool)).hasSize(3).doesNotContain(one);
        assertThat(pool.membership().server(one).orElseThrow().state()).isEqualTo(Server.State.DRAINING);
    }

    private static Server[] changed(String id, java.util.function.UnaryOperator<Server> change) {
        Server[] servers = servers(10);
        for (int i = 0; i < servers.length; i++) {
            servers[i] = servers[i].id().equals(id) ? change.apply(servers[i]) : servers[i];
        }
        return servers;
    }

    @Test
    void a_drain_of_the_other_pool_waits_for_attempts_through_this_one() {
        publish(server("a", "v", "1"));
        SubsetPool pool = opened(SubsetPool.labelled(context, all, Map.of("v", "1")));
        try (LoadBalancer balancer = balancer(pool, new ArrayList<>())) {
            scheduler.runDue();
            Attempt attempt = (Attempt) balancer.call(Key.none()).next();

            Server draining = server("a", "v", "1").withState(Server.State.DRAINING);
            publish(draining);
            CompletableFuture<DrainResult> drain = all.release(draining, Duration.ofSeconds(10));
            scheduler.runDue();
            assertThat(drain).isNotDone();
            attempt.succeeded();
            scheduler.runDue();

            assertThat(drain).isCompletedWithValue(new DrainResult(1, 0));
        }
    }

    @Test
    void a_server_that_leaves_the_subset_but_runs_on_drains_and_one_that_died_does_not() {
        publish(server("a", "v", "1"), server("b", "v", "1"), server("c", "v", "1"));
        SubsetPool pool = opened(SubsetPool.labelled(context, all, Map.of("v", "1")));
        List<String> seen = new ArrayList<>();
        try (LoadBalancer balancer = balancer(pool, seen)) {
            scheduler.runDue();
            List<Attempt> attempts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                attempts.add((Attempt) balancer.call(Key.none()).next());
            }

            publish(server("a", "v", "2"), server("c", "v", "1"));

            assertThat(pool.membership().server("a").orElseThrow().state()).isEqualTo(Server.State.DRAINING);
            assertThat(pool.membership().server("b")).isEmpty();
            assertThat(seen).containsExactly("b lost");
            attempts.forEach(Attempt::succeeded);
            scheduler.runDue();
            assertThat(ids(pool)).containsExactly("c");
            assertThat(pool.membership().server("a")).isEmpty();
        }
    }

    @Test
    void events_of_the_inner_pool_are_forwarded() {
        publish(server("a"));
        SubsetPool pool = ofClient("me", 1);
        List<String> seen = new ArrayList<>();
        try (LoadBalancer balancer = balancer(pool, seen)) {
            scheduler.runDue();

            all.report(new PoolEvent.Lost(new InstanceId("a", 1), "it died"));
            scheduler.runDue();

            assertThat(seen).containsExactly("a lost", "event of a");
            assertThat(balancer.membership().server("a")).isPresent();
        }
    }

    private LoadBalancer balancer(ServerPool pool, List<String> seen) {
        return LoadBalancer.builder(pool, new RoundRobin())
                .runtimes(scheduler.asRuntimes())
                .listener(new LoadBalancerListener() {
                    @Override
                    public void instanceLost(Server server, Instance instance) {
                        seen.add(server.id() + " lost");
                    }

                    @Override
                    public void poolEvent(PoolEvent event) {
                        seen.add("event of " + ((PoolEvent.OfServer) event).id());
                    }
                })
                .build();
    }

    @Test
    void the_size_is_checked_and_a_closed_pool_leaves_the_other_open() {
        assertThatThrownBy(() -> SubsetPool.ofClient(context, all, "me", 0)).hasMessageContaining("subset size 0");
        publish(server("a"));
        SubsetPool pool = ofClient("me", 1);
        Membership last = pool.membership();

        pool.close();
        publish(server("b"));

        assertThat(pool.membership()).isSameAs(last);
    }
}
