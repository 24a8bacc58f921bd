package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.proxy.ProxyAddresses;
import io.github.lbkit.http.internal.wire.proxy.ProxyHeader;
import io.github.lbkit.http.internal.wire.proxy.ProxyHeaderReader;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of PROXY headers to servers: the addresses, and that no other client uses such a connection. */
class SendProxyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** A connection whose PROXY header ends in CRLF or has 28 bytes, and any number of requests. */
    private static ServerScript expecting(ProxyProtocol version) {
        ServerScript script =
                version == ProxyProtocol.V1 ? new ServerScript().expectThrough("\r\n") : new ServerScript().expect(28);
        for (int i = 0; i < 5; i++) {
            script = script.expectHead().send(OK);
        }
        return script;
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_to_a_server_begins_with_the_addresses_of_its_client(ProxyProtocol version)
            throws BadMessageException {
        try (ScriptedServer server = ScriptedServer.start(expecting(version));
                ProxyFixture fixture = ProxyFixture.over(b -> b.sendProxy(version), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");

            assertThat(addresses(server.received(0)))
                    .isEqualTo(new ProxyAddresses(
                            (InetSocketAddress) client.socket.getLocalSocketAddress(), fixture.proxy.address()));
            assertThat(server.received(0)).containsOnlyOnce("GET / HTTP/1.1");
        }
    }

    @Test
    void the_addresses_of_the_clients_own_header_are_passed_on() throws BadMessageException {
        String header = "PROXY TCP4 203.0.113.7 192.0.2.2 4711 443\r\n";
        try (ScriptedServer server = ScriptedServer.start(expecting(ProxyProtocol.V2));
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.sendProxy(ProxyProtocol.V2).proxyProtocol(List.of(Cidr.parse("127.0.0.1"))), server);
                RawClient client = fixture.client()) {
            assertThat(client.send(header).get("/").body()).isEqualTo("ok");

            ProxyAddresses addresses = addresses(server.received(0));
            assertThat(addresses.source()).isEqualTo(new InetSocketAddress("203.0.113.7", 4711));
            assertThat(addresses.destination()).isEqualTo(new InetSocketAddress("192.0.2.2", 443));
        }
    }

    private static ProxyAddresses addresses(String received) throws BadMessageException {
        byte[] bytes = received.getBytes(StandardCharsets.ISO_8859_1);
        ProxyHeader header = Objects.requireNonNull(ProxyHeaderReader.read(bytes, 0, bytes.length), received);
        return Objects.requireNonNull(header.addresses(), received);
    }

    @Test
    void a_client_uses_its_connection_again_and_no_other_client_does() {
        try (ScriptedServer server = ScriptedServer.start(expecting(ProxyProtocol.V1));
                ProxyFixture fixture = ProxyFixture.over(b -> b.sendProxy(ProxyProtocol.V1), server)) {
            try (RawClient first = fixture.client();
                    RawClient second = fixture.client()) {
                for (int i = 0; i < 3; i++) {
                    assertThat(first.get("/first").body()).isEqualTo("ok");
                    assertThat(second.get("/second").body()).isEqualTo("ok");
                }

                assertThat(server.accepted()).isEqualTo(2);
                assertThat(server.received(0))
                        .contains(" " + first.socket.getLocalPort() + " ")
                        .doesNotContain("/second");
                assertThat(server.received(1))
                        .contains(" " + second.socket.getLocalPort() + " ")
                        .doesNotContain("/first");
            }
            server.awaitEnded(2);
            Await.until("nothing is kept for a client that is gone", () -> fixture.proxy.serverConnections() == 0);
        }
    }

    @Test
    void at_the_limit_of_connections_the_unused_connection_of_another_client_makes_room() {
        Limits limits = Limits.builder().connectionsPerServer(1).build();
        try (ScriptedServer server = ScriptedServer.start(expecting(ProxyProtocol.V1));
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.sendProxy(ProxyProtocol.V1).limits(limits), server);
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(first.get("/").body()).isEqualTo("ok");
                assertThat(second.get("/").body()).isEqualTo("ok");
            }

            assertThat(server.accepted()).isEqualTo(4);
        }
    }

    @Test
    void a_request_is_sent_again_over_a_new_connection_with_a_header_where_a_used_one_is_stale() {
        ServerScript once = new ServerScript()
                .expectThrough("\r\n")
                .expectHead()
                .send(OK)
                .expectHead()
                .reset();
        try (ScriptedServer server = ScriptedServer.start(once, expecting(ProxyProtocol.V1));
                ProxyFixture fixture = ProxyFixture.over(b -> b.sendProxy(ProxyProtocol.V1), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
            assertThat(client.get("/again").body()).isEqualTo("ok");

            assertThat(server.received(1)).startsWith("PROXY TCP4 127.0.0.1 ").contains("GET /again ");
        }
    }
}
