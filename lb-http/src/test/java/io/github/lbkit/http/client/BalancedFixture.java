package io.github.lbkit.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.FirstFreePolicy;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.testkit.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A balancer {@code orders} over servers s1, s2, … that are tried in this order. Its close fails if a request is in
 * flight.
 */
final class BalancedFixture implements AutoCloseable, LoadBalancerListener {
    final FixedPool pool;
    final LoadBalancer balancer;

    /** The outcomes of attempts, such as {@code s1 succeeded}. */
    final List<String> outcomes = new CopyOnWriteArrayList<>();

    BalancedFixture(FixedPool pool, UnaryOperator<LoadBalancer.Builder> settings) {
        this.pool = pool;
        balancer = settings.apply(
                        LoadBalancer.builder(pool, new FirstFreePolicy()).listener(this))
                .build();
    }

    static BalancedFixture over(ScriptedServer... servers) {
        return over(b -> b, servers);
    }

    static BalancedFixture over(UnaryOperator<LoadBalancer.Builder> settings, ScriptedServer... servers) {
        var addresses = new java.net.InetSocketAddress[servers.length];
        for (int i = 0; i < servers.length; i++) {
            addresses[i] = servers[i].address();
        }
        return new BalancedFixture(FixedPool.of(addresses), settings);
    }

    BalancedHttpClient.Builder builder() {
        return BalancedHttpClient.builder().balance("orders", balancer);
    }

    int inFlight() {
        return balancer.servers().stream().mapToInt(ServerStatus::inFlight).sum();
    }

    void awaitOutcomes(String... expected) {
        Await.until(() -> List.of(expected) + " but " + outcomes, () -> outcomes.size() >= expected.length);
        assertThat(outcomes).containsExactly(expected);
    }

    @Override
    public void close() {
        Await.until("nothing in flight", () -> inFlight() == 0);
        balancer.close();
    }

    @Override
    public void succeeded(Server server, Duration sinceBegin) {
        outcomes.add(server.id() + " succeeded");
    }

    @Override
    public void failed(Server server, Failure failure, Duration sinceBegin) {
        outcomes.add(server.id() + " failed " + failure);
    }

    @Override
    public void abandoned(Server server, Duration sinceBegin) {
        outcomes.add(server.id() + " abandoned");
    }
}
