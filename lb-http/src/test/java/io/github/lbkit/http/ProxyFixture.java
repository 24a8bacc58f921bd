package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerStatus;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.testkit.ScriptedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A proxy over scripted servers s1, s2, … that are tried in this order; its close fails if anything is still in flight.
 */
final class ProxyFixture implements AutoCloseable {
    final FixedPool pool;
    final LoadBalancer balancer;
    final ReverseProxy proxy;

    /** What became of attempts, such as {@code s1 succeeded}. */
    final List<String> outcomes = new CopyOnWriteArrayList<>();

    /** Who was taken out and came back, such as {@code s1 out for PT5S}. */
    final List<String> ejections = new CopyOnWriteArrayList<>();

    private ProxyFixture(
            FixedPool pool,
            UnaryOperator<LoadBalancer.Builder> balancing,
            Function<LoadBalancer, UnaryOperator<ReverseProxyBuilder>> settingsFor) {
        this(pool, new FirstFree(), balancing, settingsFor);
    }

    private ProxyFixture(
            FixedPool pool,
            Policy policy,
            UnaryOperator<LoadBalancer.Builder> balancing,
            Function<LoadBalancer, UnaryOperator<ReverseProxyBuilder>> settingsFor) {
        this.pool = pool;
        balancer = balancing
                .apply(LoadBalancer.builder(pool, policy).listener(new Outcomes()))
                .build();
        UnaryOperator<ReverseProxyBuilder> settings = settingsFor.apply(balancer);
        try {
            proxy = settings.apply(ReverseProxy.builder()
                            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .balancer(balancer)
                            .loops(1))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProxyFixture over(ScriptedServer... servers) {
        return over(b -> b, servers);
    }

    static ProxyFixture over(UnaryOperator<ReverseProxyBuilder> settings, ScriptedServer... servers) {
        return balancing(b -> b, settings, servers);
    }

    /** A proxy whose balancer has these settings, besides the defaults. */
    static ProxyFixture balancing(
            UnaryOperator<LoadBalancer.Builder> balancing,
            UnaryOperator<ReverseProxyBuilder> settings,
            ScriptedServer... servers) {
        return new ProxyFixture(FixedPool.of(addresses(servers)), balancing, balancer -> settings);
    }

    /** A proxy whose balancer has this policy. */
    static ProxyFixture balancing(
            UnaryOperator<LoadBalancer.Builder> balancing,
            UnaryOperator<ReverseProxyBuilder> settings,
            Policy policy,
            ScriptedServer... servers) {
        return new ProxyFixture(FixedPool.of(addresses(servers)), policy, balancing, balancer -> settings);
    }

    static ProxyFixture at(UnaryOperator<ReverseProxyBuilder> settings, InetSocketAddress... addresses) {
        return new ProxyFixture(FixedPool.of(addresses), b -> b, balancer -> settings);
    }

    /** A proxy over servers s1, s2, … at these hosts and ports. */
    static ProxyFixture named(UnaryOperator<ReverseProxyBuilder> settings, Address... addresses) {
        return new ProxyFixture(FixedPool.at(addresses), b -> b, balancer -> settings);
    }

    /**
     * A proxy over one server, which has one request in flight at most; the others wait in the queue that this makes.
     * Clients that leave are gone at once.
     */
    static ProxyFixture queueing(Function<LoadBalancer, WaitQueue> queue, ScriptedServer server) {
        return new ProxyFixture(
                FixedPool.of(server.address()),
                b -> b.maxInFlightPerServer(1),
                balancer -> b -> b.queue(queue.apply(balancer)).abortOnHalfClose(true));
    }

    private static InetSocketAddress[] addresses(ScriptedServer... servers) {
        InetSocketAddress[] addresses = new InetSocketAddress[servers.length];
        for (int i = 0; i < servers.length; i++) {
            addresses[i] = servers[i].address();
        }
        return addresses;
    }

    RawClient client() {
        return RawClient.to(proxy);
    }

    int inFlight() {
        return balancer.servers().stream().mapToInt(ServerStatus::inFlight).sum();
    }

    void awaitNothingInFlight() {
        Await.until("nothing in flight", () -> inFlight() == 0 && proxy.inFlight() == 0);
    }

    void awaitOutcomes(String... expected) {
        Await.until(() -> List.of(expected) + " but " + outcomes, () -> outcomes.size() >= expected.length);
        assertThat(outcomes).containsExactly(expected);
    }

    void awaitEjections(String... expected) {
        Await.until(() -> List.of(expected) + " but " + ejections, () -> ejections.size() >= expected.length);
        assertThat(ejections).containsExactly(expected);
    }

    @Override
    public void close() {
        try {
            awaitNothingInFlight();
        } finally {
            proxy.close();
            balancer.close();
        }
        for (Server server : pool.membership().servers()) {
            long generation = server.instance().orElseThrow().generation();
            assertThat(proxy.upstreamConnections(server.id(), generation)).isZero();
        }
    }

    private final class Outcomes implements LoadBalancerListener {
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

        @Override
        public void ejected(Server server, Duration time) {
            ejections.add(server.id() + " out for " + time);
        }

        @Override
        public void returned(Server server) {
            ejections.add(server.id() + " back");
        }
    }
}
