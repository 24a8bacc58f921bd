package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Key;
import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests of the client address behind proxies: the address that trusted proxies report counts, not what a client can
 * write itself.
 */
class TrustedProxiesTest {
    private static final ServerScript EMPTY = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7 | 203.0.113.7",
                "6.6.6.6, 203.0.113.7 | 203.0.113.7",
                "6.6.6.6, 203.0.113.7, 10.1.1.1, 10.2.2.2 | 203.0.113.7",
                "10.1.1.1, 10.2.2.2 | 10.1.1.1",
                "203.0.113.7:4711, 10.1.1.1:80 | 203.0.113.7",
                "2001:DB8:0::1, 10.1.1.1 | 2001:db8::1",
                "[2001:db8::1]:80, [fd00::2], 10.1.1.1 | 2001:db8::1",
                "6.6.6.6, unknown, 10.1.1.1 | 10.1.1.1",
                "6.6.6.6, 999.1.1.1 | 127.0.0.1",
                "6.6.6.6, _hidden, | 127.0.0.1",
                "203.0.113.7,,\t, 10.1.1.1 , | 203.0.113.7",
                "6.6.6.6\\r\\nX-Forwarded-For: 203.0.113.7\\r\\nX-Forwarded-For: 10.1.1.1 | 203.0.113.7",
                "6.6.6.6\\r\\nX: y\\r\\nx-forwarded-for: 10.1.1.1, 10.2.2.2 | 6.6.6.6",
                "'' | 127.0.0.1",
            })
    void the_client_is_the_first_address_from_the_right_that_is_no_trusted_proxy(String forwardedFor, String client) {
        assertThat(clientSeen(List.of("127.0.0.0/8", "10.0.0.0/8", "fd00::/8"), forwardedFor.translateEscapes()))
                .isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"6.6.6.6", "6.6.6.6, 10.1.1.1", "''"})
    void the_fields_of_a_peer_that_is_not_trusted_say_nothing_about_the_client(String forwardedFor) {
        assertThat(clientSeen(List.of("10.0.0.0/8"), forwardedFor)).isEqualTo("127.0.0.1");
        assertThat(clientSeen(List.of(), forwardedFor)).isEqualTo("127.0.0.1");
    }

    private static String clientSeen(List<String> trusted, String forwardedFor) {
        List<String> seen = new CopyOnWriteArrayList<>();
        KeyExtractor byClient = head -> {
            seen.add(io.github.lbkit.http.internal.peer.IpText.of(head.clientAddress()));
            return Key.none();
        };
        List<Cidr> networks = trusted.stream().map(Cidr::parse).toList();
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(b -> b.key(byClient).trustedProxies(networks), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + forwardedFor + "\r\n\r\n")
                    .read();
        }
        return String.join(" ", seen);
    }

    @Test
    void fields_of_a_trusted_proxy_pass_with_the_peer_appended_and_those_of_another_peer_do_not() {
        for (String network : List.of("127.0.0.1", "10.0.0.0/8")) {
            try (ScriptedServer server = ScriptedServer.start(EMPTY);
                    ProxyFixture fixture =
                            ProxyFixture.over(b -> b.trustedProxies(List.of(Cidr.parse(network))), server);
                    RawClient client = fixture.client()) {
                client.send(lines(
                                "GET / HTTP/1.1",
                                "Host: a",
                                "X-Forwarded-For: 6.6.6.6",
                                "X-Forwarded-For: 7.7.7.7",
                                "X-Forwarded-Proto: https",
                                "X-Forwarded-Host: pub.test",
                                "Forwarded: for=6.6.6.6"))
                        .read();

                Stream<String> told = server.heads().get(0).lines().filter(line -> line.contains("Forwarded"));
                if (network.equals("127.0.0.1")) {
                    assertThat(told)
                            .containsExactlyInAnyOrder(
                                    "X-Forwarded-For: 6.6.6.6, 7.7.7.7, 127.0.0.1",
                                    "X-Forwarded-Proto: https",
                                    "X-Forwarded-Host: pub.test",
                                    "Forwarded: for=6.6.6.6");
                } else {
                    assertThat(told)
                            .containsExactlyInAnyOrder(
                                    "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "X-Forwarded-Host: a");
                }
            }
        }
    }

    @Test
    void the_key_by_client_is_the_client_that_the_trusted_proxies_tell() {
        List<String> keys = new CopyOnWriteArrayList<>();
        KeyExtractor byClient = head -> {
            keys.add(KeyExtractor.clientIp().key(head).text().toString());
            return Key.none();
        };
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.key(byClient).trustedProxies(List.of(Cidr.parse("127.0.0.1"))), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")
                    .read();

            assertThat(keys).containsExactly("203.0.113.7");
        }
    }

    @Test
    void an_ipv6_client_is_written_in_the_form_of_rfc_5952() throws UnknownHostException {
        InetSocketAddress loopback = new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), 0);
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(b -> b.listen(loopback), server);
                RawClient client = fixture.client()) {
            client.get("/");

            assertThat(server.heads().get(0)).contains("X-Forwarded-For: ::1\r\n");
        }
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }
}
