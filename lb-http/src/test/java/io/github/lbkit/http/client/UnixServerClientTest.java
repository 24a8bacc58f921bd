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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of balanced clients whose servers listen on Unix domain sockets. */
class UnixServerClientTest {
    @TempDir
    Path dir;

    private ReverseProxy server() throws Exception {
        return ReverseProxy.builder()
                .listen(UnixDomainSocketAddress.of(dir.resolve("s")))
                .loops(1)
                .fallback(0, request -> {
                    String host = request.head().header("Host").orElse("none");
                    return new LocalResponse(200, List.of(), host.getBytes(StandardCharsets.UTF_8));
                })
                .start();
    }

    private LoadBalancer balancer() {
        Address address = Address.unix(dir.resolve("s").toString());
        return LoadBalancer.builder(FixedPool.at(address), Policies.named("round-robin", Map.of()))
                .build();
    }

    @Test
    void an_asynchronous_client_sends_requests_to_the_socket() throws Exception {
        try (ReverseProxy server = server();
                LoadBalancer balancer = balancer();
                TestClient client =
                        new AsyncTestClient(BalancedHttpClient.builder().balance("orders", balancer), Options.NONE)) {
            assertThat(server.socketAddress()).hasToString(dir.resolve("s").toString());
            assertThat(client.send(Ask.get("http://orders/"))).isEqualTo(new TestClient.Answer(200, "orders"));
        }
    }

    @Test
    void a_classic_client_sends_requests_to_the_socket() throws Exception {
        try (ReverseProxy server = server();
                LoadBalancer balancer = balancer();
                TestClient client =
                        new ClassicTestClient(BalancedHttpClient.builder().balance("orders", balancer), Options.NONE)) {
            assertThat(server.socketAddress()).hasToString(dir.resolve("s").toString());
            assertThat(client.send(Ask.get("http://orders/"))).isEqualTo(new TestClient.Answer(200, "orders"));
        }
    }
}
