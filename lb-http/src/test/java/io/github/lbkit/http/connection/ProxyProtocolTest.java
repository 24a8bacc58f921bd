package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Key;
import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.wire.proxy.ProxyAddresses;
import io.github.lbkit.http.internal.wire.proxy.ProxyHeaderWriter;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of client connections that begin with a PROXY header. */
@Isolated("it reads what the logger writes to the standard error stream")
class ProxyProtocolTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEADER = "PROXY TCP4 203.0.113.7 192.0.2.2 4711 443\r\n";
    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"));
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            .again();

    @ParameterizedTest
    @CsvSource({
        "V1, 203.0.113.7, 192.0.2.2",
        "V2, 203.0.113.7, 192.0.2.2",
        "V1, 2001:db8::7, 2001:db8::2",
        "V2, 2001:db8::7, 2001:db8::2"
    })
    void the_source_of_the_header_is_the_client_in_key_and_field_and_log(
            ProxyProtocol version, String source, String destination) throws IOException {
        byte[] header = header(version, source, destination);
        List<String> clients = new CopyOnWriteArrayList<>();
        KeyExtractor byClient = head -> {
            clients.add(IpText.of(head.clientAddress()));
            return Key.none();
        };
        try (CapturedLog log = new CapturedLog();
                ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.key(byClient).accessLog(true).proxyProtocol(LOOPBACK), server);
                RawClient client = fixture.client()) {
            client.send(header).send(GET);
            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(client.get("/again").body()).isEqualTo("ok");

            assertThat(clients).containsExactly(source, source);
            assertThat(server.heads())
                    .allSatisfy(head -> assertThat(head).contains("X-Forwarded-For: " + source + "\r\n"));
            assertThat(log.awaitLineWith("GET / 200")).contains(source + " GET / 200 ");
            assertThat(fixture.proxy.refusedProxyHeaders()).isZero();
        }
    }

    private static byte[] header(ProxyProtocol version, String source, String destination) throws IOException {
        return ProxyHeaderWriter.write(
                version,
                new ProxyAddresses(
                        new InetSocketAddress(InetAddress.getByName(source), 4711),
                        new InetSocketAddress(InetAddress.getByName(destination), 443)));
    }

    @ParameterizedTest
    @EnumSource
    void a_header_and_a_pipelined_request_may_come_in_any_pieces(ProxyProtocol version) throws IOException {
        byte[] header = header(version, "203.0.113.7", "192.0.2.2");
        byte[] all = new String(header, StandardCharsets.ISO_8859_1)
                .concat(GET + GET)
                .getBytes(StandardCharsets.ISO_8859_1);
        try (ReverseProxy proxy = start(b -> b.proxyProtocol(LOOPBACK))) {
            for (int piece : new int[] {1, 7, all.length}) {
                try (RawClient client = RawClient.to(proxy)) {
                    for (int from = 0; from < all.length; from += piece) {
                        client.send(java.util.Arrays.copyOfRange(all, from, Math.min(all.length, from + piece)));
                    }
                    assertThat(client.read().body()).isEqualTo("203.0.113.7");
                    assertThat(client.read().body()).isEqualTo("203.0.113.7");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_header_without_addresses_leaves_those_of_the_socket(ProxyProtocol version) throws IOException {
        try (ReverseProxy proxy = start(b -> b.proxyProtocol(LOOPBACK));
                RawClient client = RawClient.to(proxy)) {
            assertThat(client.send(version.probeHeader()).get("/").body()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void the_fields_of_a_trusted_proxy_count_only_if_the_source_of_the_header_is_trusted() throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.9\r\n\r\n";
        for (String trusted : List.of("127.0.0.0/8", "203.0.113.7")) {
            try (ReverseProxy proxy =
                            start(b -> b.proxyProtocol(LOOPBACK).trustedProxies(List.of(Cidr.parse(trusted))));
                    RawClient client = RawClient.to(proxy)) {
                assertThat(client.send(HEADER + request).read().body())
                        .isEqualTo(trusted.startsWith("127") ? "203.0.113.7" : "198.51.100.9");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "PROXY TCP4 203.0.113.7 192.0.2.2 4711 443\n" + GET,
                "PROXY TCP4 203.0.113.7 192.0.2.2 4711 99999\r\n" + GET,
                "\r\n\r\n\0\r\nQUIT\n\u0011\u0011\0\0" + GET,
            })
    void a_peer_that_must_send_a_header_and_sends_none_gets_no_answer_and_is_counted(String sent) throws IOException {
        try (CapturedLog log = new CapturedLog();
                ReverseProxy proxy = start(b -> b.proxyProtocol(LOOPBACK));
                RawClient client = RawClient.to(proxy);
                RawClient second = RawClient.to(proxy)) {
            client.send(sent);
            assertEnds(client);
            second.send(sent);
            assertEnds(second);

            Await.until("both are counted", () -> proxy.refusedProxyHeaders() == 2);
            log.awaitLineWith("a connection of 127.0.0.1 is closed, ");
            assertThat(log.with("WARN").stream().filter(line -> line.contains("is closed")))
                    .hasSize(1);
            Await.until("no connection is left", () -> proxy.clientConnections() == 0);
        }
    }

    /** Requires that the connection ends without an answer, by a close or a reset. */
    private static void assertEnds(RawClient client) {
        try {
            assertThat(client.readToEnd()).isEmpty();
        } catch (UncheckedIOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void a_header_of_another_peer_is_a_bad_request() throws IOException {
        try (ReverseProxy proxy = start(b -> b.proxyProtocol(List.of(Cidr.parse("10.0.0.0/8"))));
                RawClient client = RawClient.to(proxy);
                RawClient ordinary = RawClient.to(proxy)) {
            assertThat(client.send(HEADER + GET).read().status()).isEqualTo(400);
            assertThat(ordinary.get("/").body()).isEqualTo("127.0.0.1");
            assertThat(proxy.refusedProxyHeaders()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PROXY TCP4 203", HEADER})
    void the_header_has_the_deadline_of_a_request_head_and_a_request_behind_it_another(String sent) throws IOException {
        try (ReverseProxy proxy = start(b -> b.proxyProtocol(LOOPBACK).timeouts(ShortTimeouts.head()));
                RawClient client = RawClient.to(proxy)) {
            client.send(sent);
            if (sent.equals(HEADER)) {
                assertThat(client.get("/").status()).isEqualTo(200);
            } else {
                assertEnds(client);
                Await.until("it is counted", () -> proxy.refusedProxyHeaders() == 1);
            }
        }
    }

    @Test
    void a_check_that_connects_and_leaves_is_no_refusal() throws IOException {
        try (ReverseProxy proxy = start(b -> b.proxyProtocol(LOOPBACK));
                RawClient cut = RawClient.to(proxy)) {
            RawClient check = RawClient.to(proxy);
            Await.until("both are accepted", () -> proxy.clientConnections() == 2);
            check.leave();
            Await.until("the check is over", () -> proxy.clientConnections() == 1);
            assertThat(proxy.refusedProxyHeaders()).isZero();

            cut.send("PROX").halfClose();
            Await.until("a part of a header is counted", () -> proxy.refusedProxyHeaders() == 1);
        }
    }

    @Test
    void connections_that_wait_for_their_header_make_room_at_the_limit() throws IOException {
        try (ReverseProxy proxy = start(b -> b.proxyProtocol(LOOPBACK)
                        .loops(1)
                        .limits(Limits.builder().clientConnections(2).build()));
                RawClient silent = RawClient.to(proxy);
                RawClient started = RawClient.to(proxy).send("PROXY TCP4")) {
            Await.until("both are accepted", () -> proxy.clientConnections() == 2);
            try (RawClient next = RawClient.to(proxy).send(HEADER + GET)) {
                assertThat(next.read().body()).isEqualTo("203.0.113.7");
            }
            assertEnds(silent);
            assertThat(started.socket.isConnected()).isTrue();
        }
    }

    @Test
    void a_stop_waits_for_a_header_and_its_request_until_the_deadline() throws Exception {
        try (ReverseProxy proxy = start(b -> b.proxyProtocol(LOOPBACK));
                RawClient client = RawClient.to(proxy).send(HEADER.substring(0, 10));
                RawClient silent = RawClient.to(proxy)) {
            Await.until("both are accepted", () -> proxy.clientConnections() == 2);
            CompletableFuture<StopReport> stopped =
                    proxy.stop(Duration.ofMinutes(1)).toCompletableFuture();

            RawClient.Response last = client.send(HEADER.substring(10) + GET).read();
            assertThat(last.body()).isEqualTo("203.0.113.7");
            assertThat(last.field("Connection")).contains("close");
            client.leave();
            assertThat(stopped).isNotDone();
            var unused = proxy.stop(Duration.ZERO);

            assertThat(stopped.get(20, TimeUnit.SECONDS).cut()).isZero();
            assertEnds(silent);
        }
    }

    private static ReverseProxy start(java.util.function.UnaryOperator<ReverseProxyBuilder> settings)
            throws IOException {
        return settings.apply(ReverseProxy.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .loops(2)
                        .fallback(
                                0,
                                request -> LocalResponse.text(
                                        200, IpText.of(request.head().clientAddress()))))
                .start();
    }
}
