package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the Via field: servers see the proxies on the path, and a loop is refused at the first repetition. */
class ViaTest {
    private static final ServerScript EMPTY = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @Test
    void the_proxy_adds_itself_behind_the_proxies_before_it() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(b -> b.pseudonym("edge-1"), server);
                RawClient client = fixture.client()) {
            client.send(lines(
                            "GET / HTTP/1.1",
                            "Host: a",
                            "Via: 1.0 fred (x, 1.1 y), 1.1 p.example.net",
                            "via: 1.1 edge-10",
                            "Connection: Via"))
                    .read();
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read();

            assertThat(linesOf(server.heads().get(0)))
                    .containsExactly(
                            "Via: 1.0 fred (x, 1.1 y), 1.1 p.example.net", "via: 1.1 edge-10", "Via: 1.1 edge-1");
            assertThat(linesOf(server.heads().get(1))).containsExactly("Via: 1.0 edge-1");
        }
    }

    @Test
    void every_proxy_has_a_name_of_its_own_unless_it_is_named() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (ScriptedServer server = ScriptedServer.start(EMPTY);
                    ProxyFixture fixture = ProxyFixture.over(server);
                    RawClient client = fixture.client()) {
                client.get("/");
                names.addAll(linesOf(server.heads().get(0)));
            }
        }
        assertThat(names)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(via -> via.matches("Via: 1\\.1 lbkit-[0-9a-f]{12}"));
    }

    @Test
    void a_proxy_without_via_adds_nothing_and_refuses_nothing() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.pseudonym("edge-1").via(false), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 edge-1\r\n\r\n").read();

            assertThat(linesOf(server.heads().get(0))).containsExactly("Via: 1.1 edge-1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Via: 1.1 edge-1",
                "VIA: HTTP/1.1 EDGE-1 (lbkit)",
                "Via: 1.1 a, 2 b (c),\t1.0 \t edge-1\t(d), 1.1 e",
                "Via: 1.1 a\r\nX: y\r\nVia:,1.1 edge-1",
                "Via: 1.1 a (, 1.1 edge-1",
                "Via: 1.1 edge-1(d)"
            })
    void a_request_that_has_passed_this_proxy_is_508_and_reaches_no_server(String via) {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(b -> b.pseudonym("edge-1"), server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send("GET / HTTP/1.1\r\nHost: a\r\n" + via + "\r\n\r\n")
                    .read();

            assertThat(response.statusLine()).isEqualTo("HTTP/1.1 508 Loop Detected");
            assertThat(server.accepted()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Via: 1.1 edge-10",
                "Via: edge-1",
                "Via: 1.1 x (edge-1)",
                "Via: 1.1 edge-1:80",
                "X-Via: 1.1 edge-1"
            })
    void another_name_is_no_loop(String via) {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(b -> b.pseudonym("edge-1"), server);
                RawClient client = fixture.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n" + via + "\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    void a_proxy_before_itself_answers_508_and_opens_one_connection() throws IOException {
        InetSocketAddress own = freePort();
        try (ProxyFixture fixture = ProxyFixture.at(b -> b.listen(own), own);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(508);
            assertThat(fixture.proxy.serverConnections()).isLessThanOrEqualTo(1);
            client.leave();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "edge,1", "a:80", "\u00e9dge", "a\r\nX: y"})
    void a_name_that_is_no_token_is_refused(String name) {
        assertThatThrownBy(() -> ReverseProxy.builder().pseudonym(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pseudonym");
    }

    private static InetSocketAddress freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) free.getLocalSocketAddress();
        }
    }

    private static List<String> linesOf(String head) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "via:", 0, 4))
                .toList();
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }
}
