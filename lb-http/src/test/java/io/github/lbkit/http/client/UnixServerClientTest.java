package io.github.lbkit.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.client.TestClient.Ask;
import io.github.lbkit.http.client.TestClient.Options;
import io.github.lbkit.http.fixture.FixedPool;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of balanced clients whose servers listen on Unix domain sockets. */
class UnixServerClientTest {
    @TempDir
    Path dir;

    private ReverseProxy server(String name) throws Exception {
        return ReverseProxy.builder()
                .listen(UnixDomainSocketAddress.of(dir.resolve(name)))
                .loops(1)
                .fallback(0, request -> {
                    String host = request.head().header("Host").orElse("none");
                    return new LocalResponse(200, List.of(), (host + " " + name).getBytes(StandardCharsets.UTF_8));
                })
                .start();
    }

    private LoadBalancer balancer() {
        Address a = Address.unix(dir.resolve("a").toString());
        Address b = Address.unix(dir.resolve("b").toString());
        return LoadBalancer.builder(FixedPool.at(a, b), Policies.named("round-robin", Map.of()))
                .build();
    }

    private static void assertEachServerAnswers(TestClient client, ReverseProxy... servers) throws Exception {
        assertThat(servers).allMatch(server -> server.clientConnections() == 0);
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            answers.add(client.send(Ask.get("http://orders/")).body());
        }
        assertThat(answers).containsExactly("orders a", "orders b");
    }

    @Test
    void an_asynchronous_client_sends_requests_to_the_socket() throws Exception {
        try (ReverseProxy a = server("a");
                ReverseProxy b = server("b");
                LoadBalancer balancer = balancer();
                TestClient client =
                        new AsyncTestClient(BalancedHttpClient.builder().balance("orders", balancer), Options.NONE)) {
            assertEachServerAnswers(client, a, b);
        }
    }

    @Test
    void a_classic_client_sends_requests_to_the_socket() throws Exception {
        try (ReverseProxy a = server("a");
                ReverseProxy b = server("b");
                LoadBalancer balancer = balancer();
                TestClient client =
                        new ClassicTestClient(BalancedHttpClient.builder().balance("orders", balancer), Options.NONE)) {
            assertEachServerAnswers(client, a, b);
        }
    }
}
