package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Key;
import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.ForwardedStyle;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of {@code Forwarded} (RFC 7239): the fields that servers get, and the client behind trusted proxies. */
class ForwardedTest {
    private static final ServerScript EMPTY = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");
    private static final String OTHERS = lines(
            "X-Forwarded-For: 6.6.6.6",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: pub.test",
            "X-Forwarded-Port: 443",
            "Forwarded: for=6.6.6.6");

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    /** The fields of RFC 7239, section 7.4: address in brackets and quotes where it has colons. */
    @ParameterizedTest
    @CsvSource({"X_FORWARDED, X", "FORWARDED, F", "BOTH, XF"})
    void a_client_that_is_not_trusted_is_reported_alone(ForwardedStyle style, String kinds) throws Exception {
        List<String> fields = fieldsAtServer(style, "10.0.0.0/8", "127.0.0.1", "a.test:8080", OTHERS);

        assertThat(fields.stream().filter(line -> line.startsWith("Forwarded")).toList())
                .isEqualTo(
                        kinds.contains("F")
                                ? List.of("Forwarded: for=127.0.0.1;proto=http;host=\"a.test:8080\"")
                                : List.of());
        assertThat(fields.stream().filter(line -> line.startsWith("X-Forwarded")))
                .hasSize(kinds.contains("X") ? 3 : 0)
                .allMatch(line -> !line.contains("6.6.6.6") && !line.contains("pub.test") && !line.contains("443"));
    }

    @Test
    void the_element_is_appended_to_those_of_a_trusted_proxy_and_the_other_fields_are_dropped_where_it_is_alone()
            throws Exception {
        String two = OTHERS + "Forwarded: for=\"[fd00::1]\";by=_p, for=unknown\r\n";
        String appended =
                "Forwarded: for=6.6.6.6, for=\"[fd00::1]\";by=_p, for=unknown, for=127.0.0.1;proto=http;host=\"a\"";

        assertThat(fieldsAtServer(ForwardedStyle.FORWARDED, "127.0.0.1", "127.0.0.1", "a", two))
                .containsExactly(appended);
        assertThat(fieldsAtServer(ForwardedStyle.BOTH, "127.0.0.1", "127.0.0.1", "a", two))
                .containsExactlyInAnyOrder(
                        appended,
                        "X-Forwarded-For: 6.6.6.6, 127.0.0.1",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: pub.test",
                        "X-Forwarded-Port: 443");
        assertThat(fieldsAtServer(ForwardedStyle.X_FORWARDED, "127.0.0.1", "127.0.0.1", "a", two))
                .contains("Forwarded: for=6.6.6.6", "Forwarded: for=\"[fd00::1]\";by=_p, for=unknown");
    }

    @Test
    void an_open_quote_of_a_client_does_not_hide_the_element_of_the_trusted_proxy_behind_it() throws Exception {
        String fields = "Forwarded: for=\"x, for=203.0.113.7;proto=https\r\n";

        assertThat(fieldsAtServer(ForwardedStyle.FORWARDED, "127.0.0.1", "127.0.0.1", "a", fields))
                .containsExactly("Forwarded: for=203.0.113.7;proto=https, for=127.0.0.1;proto=http;host=\"a\"");
    }

    @Test
    void an_ipv6_client_is_reported_in_brackets_and_quotes() throws Exception {
        assertThat(fieldsAtServer(ForwardedStyle.FORWARDED, "10.0.0.0/8", "::1", "[::1]:80", ""))
                .containsExactly("Forwarded: for=\"[::1]\";proto=http;host=\"[::1]:80\"");
    }

    private static List<String> fieldsAtServer(
            ForwardedStyle style, String trusted, String listen, String host, String fields)
            throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(listen), 0);
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.listen(address).forwarded(style).trustedProxies(List.of(Cidr.parse(trusted))), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n")
                    .read();
            return server.heads()
                    .get(0)
                    .lines()
                    .filter(line -> line.contains("Forwarded"))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=203.0.113.7 | 203.0.113.7",
                "For=203.0.113.7;proto=http;by=10.1.1.1 | 203.0.113.7",
                "proto=http;for=\"203.0.113.7:4711\" | 203.0.113.7",
                "for=\"203.0.113.7:_hidden\" | 203.0.113.7",
                "for=\"[2001:DB8::1]\" | 2001:db8::1",
                "for=\"[2001:db8::1]:80\", for=10.1.1.1 | 2001:db8::1",
                "for=\"[2001:db8::\\\\1]\" | 2001:db8::1",
                "for=6.6.6.6, for=203.0.113.7 , for=10.2.2.2,, | 203.0.113.7",
                "for=10.1.1.1, for=10.2.2.2 | 10.1.1.1",
                "for=6.6.6.6, for=unknown, for=10.1.1.1 | 10.1.1.1",
                "for=6.6.6.6, for=_secret | 127.0.0.1",
                "for=6.6.6.6, proto=http | 127.0.0.1",
                "for=6.6.6.6, for=2001:db8::1 | 127.0.0.1",
                "for=6.6.6.6, for=\"2001:db8::1\" | 127.0.0.1",
                "for=6.6.6.6, for=7.7.7.7;for=8.8.8.8 | 127.0.0.1",
                "for=6.6.6.6, for=7.7.7.7 ;proto=http | 127.0.0.1",
                "for=6.6.6.6, for=\"7.7.7.7 | 127.0.0.1",
                "for=\"6.6.6.6, for=203.0.113.7 | 203.0.113.7",
                "for=\"a\\\\\", for=203.0.113.7 | 203.0.113.7",
                "for=\"6.6.6.6, 203.0.113.7\" | 127.0.0.1",
                "6.6.6.6 | 127.0.0.1",
                "for=6.6.6.6\\r\\nForwarded: for=203.0.113.7\\r\\nX: y\\r\\nforwarded: for=10.1.1.1 | 203.0.113.7",
                "for=6.6.6.6\\r\\nForwarded: !\\r\\nForwarded: for=10.1.1.1 | 10.1.1.1",
                "`` | 127.0.0.1",
            })
    void the_client_is_the_first_address_from_the_right_that_is_no_trusted_proxy(String forwarded, String client) {
        assertThat(clientSeen(ForwardedStyle.FORWARDED, "Forwarded: " + forwarded.translateEscapes()))
                .isEqualTo(client);
    }

    @Test
    void the_style_chooses_the_field_that_the_client_is_taken_from() {
        String both = "Forwarded: for=203.0.113.7\r\nX-Forwarded-For: 198.51.100.9";

        assertThat(clientSeen(ForwardedStyle.FORWARDED, both)).isEqualTo("203.0.113.7");
        assertThat(clientSeen(ForwardedStyle.BOTH, both)).isEqualTo("198.51.100.9");
        assertThat(clientSeen(ForwardedStyle.X_FORWARDED, both)).isEqualTo("198.51.100.9");
    }

    private static String clientSeen(ForwardedStyle style, String fields) {
        List<String> seen = new CopyOnWriteArrayList<>();
        KeyExtractor byClient = head -> {
            seen.add(IpText.of(head.clientAddress()));
            return Key.none();
        };
        List<Cidr> trusted = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("10.0.0.0/8"));
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.key(byClient).forwarded(style).trustedProxies(trusted), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n").read();
        }
        return String.join(" ", seen);
    }
}
