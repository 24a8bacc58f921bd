package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.ProxyInternals;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests of requests for which there is no server. */
class NoServerTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void no_server_at_all_is_503_with_a_time_to_come_back() {
        try (ProxyFixture fixture = ProxyFixture.over();
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("Retry-After")).contains("1");
            assertThat(response.field("Connection")).isEmpty();
            assertThat(client.get("/").status()).isEqualTo(503);
        }
    }

    @Test
    void a_server_that_comes_back_is_used_by_the_next_request() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.DOWN));
            assertThat(client.get("/").status()).isEqualTo(503);

            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.READY));
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_with_a_body_that_finds_no_server_leaves_the_connection_usable() {
        try (ProxyFixture fixture = ProxyFixture.over();
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n" + "x".repeat(50_000));
            assertThat(client.read().status()).isEqualTo(503);
            assertThat(client.get("/").status()).isEqualTo(503);
        }
    }

    @Test
    void all_servers_refusing_is_503_with_a_time_to_come_back_whatever_the_method() {
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer second = ScriptedServer.refusing();
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            RawClient.Response toGet = client.get("/");
            RawClient.Response toPost = client.send(POST).read();

            assertThat(toGet.status()).isEqualTo(503);
            assertThat(toGet.field("Retry-After")).contains("1");
            assertThat(toPost.status()).isEqualTo(503);
            assertThat(toPost.field("Retry-After")).contains("1");
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 failed CONNECT", "s1 failed CONNECT", "s2 failed CONNECT");
        }
    }

    @Test
    void servers_that_refused_are_used_as_soon_as_they_listen() {
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer second = ScriptedServer.refusing();
                ProxyFixture fixture =
                        ProxyFixture.balancing(b -> b.ejection(Ejection.DEFAULTS), b -> b, first, second);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/").status()).isEqualTo(503);
            }
            assertThat(fixture.outcomes).hasSizeGreaterThan(20).allMatch(o -> o.endsWith("failed CONNECT"));

            first.listen(ServerScript.answering(OK));
            second.listen(ServerScript.answering(OK));

            assertThat(client.get("/").body()).isEqualTo("ok");
            assertThat(client.get("/").body()).isEqualTo("ok");
        }
    }

    @Test
    void a_server_that_had_the_request_and_others_that_refuse_are_502() {
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().reset());
                ScriptedServer second = ScriptedServer.refusing();
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.field("Retry-After")).isEmpty();
            fixture.awaitOutcomes("s1 failed DISCONNECT", "s2 failed CONNECT");
        }
    }

    @Test
    void a_server_that_refuses_and_another_that_had_the_request_are_502() {
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer second =
                        ScriptedServer.start(new ServerScript().expectHead().reset());
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 failed DISCONNECT");
        }
    }

    @Test
    void an_answer_that_another_server_might_better_is_the_clients_if_the_other_refuses() {
        ServerScript busy = ServerScript.answering("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
        try (ScriptedServer first = ScriptedServer.start(busy);
                ScriptedServer second = ScriptedServer.refusing();
                ProxyFixture fixture = ProxyFixture.over(b -> b.retryStatuses(Set.of(503)), first, second);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("busy");
            fixture.awaitOutcomes("s1 failed STATUS", "s2 failed CONNECT");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read().body())
                    .isEqualTo("busy");
        }
    }

    @Test
    void an_unknown_name_is_a_failed_connection() {
        try (ScriptedServer second = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(second);
                RawClient client = fixture.client()) {
            fixture.pool.set(
                    FixedPool.server("s1", 2, "no-such-host.invalid", 80),
                    FixedPool.server("s2", 1, "127.0.0.1", second.port()));

            assertThat(client.get("/").body()).isEqualTo("ok");
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
        }
    }

    @Test
    void a_name_is_looked_up() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            fixture.pool.set(FixedPool.server("s1", 2, "localhost", server.port()));

            assertThat(client.get("/").body()).isEqualTo("ok");
        }
    }

    @Test
    void a_server_with_as_many_connections_as_it_may_have_is_passed_by() {
        Limits limits = Limits.builder().connectionsPerServer(1).build();
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().expectEnd());
                ScriptedServer second = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(b -> b.limits(limits).abortOnHalfClose(true), first, second);
                RawClient other = fixture.client()) {
            try (RawClient waiting = fixture.client()) {
                waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                first.awaitHeads(1);

                assertThat(other.get("/").body()).isEqualTo("ok");
                fixture.awaitOutcomes("s1 abandoned", "s2 succeeded");
            }
            fixture.awaitOutcomes("s1 abandoned", "s2 succeeded", "s1 abandoned");
        }
    }

    @Test
    void all_servers_with_as_many_connections_as_they_may_have_is_503() {
        Limits limits = Limits.builder().connectionsPerServer(1).build();
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().expectEnd());
                ProxyFixture fixture = ProxyFixture.over(b -> b.limits(limits).abortOnHalfClose(true), first);
                RawClient other = fixture.client();
                RawClient waiting = fixture.client()) {
            waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            first.awaitHeads(1);

            RawClient.Response response = other.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("Retry-After")).contains("1");
            waiting.leave();
        }
    }

    @Test
    void an_unused_connection_of_another_loop_makes_room() {
        Limits limits = Limits.builder().connectionsPerServer(1).build();
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.limits(limits).abortOnHalfClose(true).loops(2), server);
                RawClient one = fixture.client();
                RawClient two = fixture.client()) {
            assertThat(one.get("/").status()).isEqualTo(200);
            Await.until("a place for the other loop", () -> two.get("/").status() == 200);
            assertThat(ProxyInternals.upstreamConnections(fixture.proxy, "s1", 1))
                    .isEqualTo(1);
        }
    }
}
