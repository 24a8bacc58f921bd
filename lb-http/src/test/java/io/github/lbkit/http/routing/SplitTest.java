package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.api.policy.WeightedSplit;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.ProxyInternals;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests of a proxy over a stable and a canary pool, whose servers have the same ids and generations. */
class SplitTest {
    private static final int USERS = 400;

    private final ScriptedServer one = answering("stable");
    private final ScriptedServer two = answering("canary");
    private final FixedPool canaries = FixedPool.of(two.address());
    private final LoadBalancer stable = balancer(FixedPool.of(one.address()));
    private final LoadBalancer canary = balancer(canaries);

    private static ScriptedServer answering(String body) {
        return ScriptedServer.start(ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n" + body));
    }

    private static LoadBalancer balancer(FixedPool pool) {
        return LoadBalancer.builder(pool, new RoundRobin()).build();
    }

    @AfterEach
    void closeAll() {
        stable.close();
        canary.close();
        one.close();
        two.close();
    }

    private WeightedSplit split(int ofStable, int ofCanary) {
        return WeightedSplit.of(
                List.of(new WeightedSplit.Part(stable, ofStable), new WeightedSplit.Part(canary, ofCanary)));
    }

    private ReverseProxy proxy(WeightedSplit split) throws IOException {
        return ReverseProxy.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .split(split, KeyExtractor.header("X-User"))
                .loops(1)
                .start();
    }

    private static List<String> answers(RawClient client) {
        List<String> answers = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-User: user-" + user + "\r\n\r\n");
            answers.add(client.read().body());
        }
        return answers;
    }

    @Test
    void each_user_stays_with_the_balancer_of_the_split() throws Exception {
        WeightedSplit split = split(90, 10);
        try (ReverseProxy proxy = proxy(split);
                RawClient client = RawClient.to(proxy)) {
            List<String> first = answers(client);

            assertThat(answers(client)).isEqualTo(first);
            for (int user = 0; user < USERS; user++) {
                boolean toCanary = split.balancer(Key.of("user-" + user)) == canary;
                assertThat(first.get(user)).isEqualTo(toCanary ? "canary" : "stable");
            }
            assertThat(first).contains("stable", "canary");
        }
    }

    @Test
    void a_growing_canary_gains_users_and_loses_none() throws Exception {
        try (ReverseProxy proxy = proxy(split(90, 10));
                RawClient client = RawClient.to(proxy)) {
            List<String> before = answers(client);

            proxy.split(split(50, 50));

            List<String> after = answers(client);
            for (int user = 0; user < USERS; user++) {
                assertThat(before.get(user).equals("canary") && after.get(user).equals("stable"))
                        .isFalse();
            }
            assertThat(after.stream().filter("canary"::equals).count()).isGreaterThan(USERS / 4);
            proxy.split(split(1, 0));
            assertThat(answers(client)).containsOnly("stable");
        }
    }

    @Test
    void a_change_of_one_pool_keeps_the_connections_to_the_other() throws Exception {
        try (ReverseProxy proxy = proxy(split(50, 50));
                RawClient client = RawClient.to(proxy)) {
            answers(client);
            assertThat(ProxyInternals.upstreamConnections(proxy, "s1", 1)).isEqualTo(2);

            canaries.set();
            Await.until(
                    "the canary's connection is closed", () -> ProxyInternals.upstreamConnections(proxy, "s1", 1) == 1);

            List<String> after = answers(client);
            assertThat(after).contains("stable").doesNotContain("canary");
            assertThat(one.accepted()).isEqualTo(1);
        }
    }

    @Test
    void contradictory_settings_are_refused() throws Exception {
        assertThatThrownBy(() -> ReverseProxy.builder()
                        .balancer(stable)
                        .split(split(1, 1), KeyExtractor.none())
                        .start())
                .hasMessageContaining("not both");
        try (ReverseProxy proxy = proxy(split(1, 1))) {
            WeightedSplit other = WeightedSplit.of(List.of(new WeightedSplit.Part(stable, 1)));
            assertThatThrownBy(() -> proxy.split(other)).hasMessageContaining("other balancers");
        }
        try (ReverseProxy proxy = ReverseProxy.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .start()) {
            assertThatThrownBy(() -> proxy.split(split(1, 1))).hasMessageContaining("not with a split");
        }
        assertThat(stable.servers()).extracting(ServerStatus::inFlight).containsOnly(0);
    }
}
