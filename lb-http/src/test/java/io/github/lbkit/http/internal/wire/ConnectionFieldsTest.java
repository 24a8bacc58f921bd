package io.github.lbkit.http.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionFieldsTest {
    @ParameterizedTest
    @CsvSource({
        "1, '', true",
        "1, Connection: keep-alive, true",
        "1, Connection: close, false",
        "1, connection: CLOSE, false",
        "1, 'Connection: keep-alive, close', false",
        "1, 'Connection: x,close ,y', false",
        "1, Connection: closed, true",
        "1, Proxy-Connection: close, true",
        "0, '', false",
        "0, Connection: Keep-Alive, true",
        "0, 'Connection: keep-alive, close', false",
        "0, Proxy-Connection: keep-alive, false",
    })
    void a_connection_lasts_as_version_and_options_say(int minor, String field, boolean lasts)
            throws BadMessageException {
        Head head = Messages.request(
                "GET / HTTP/1." + minor + "\r\nHost: a\r\n" + field + (field.isEmpty() ? "" : "\r\n") + "\r\n");

        assertThat(ConnectionFields.keepAlive(head)).isEqualTo(lasts);
    }

    @ParameterizedTest
    @CsvSource({
        "Connection: upgrade, true",
        "'Connection: keep-alive, UPGRADE', true",
        "Connection: upgrades, false",
        "Connection: keep-alive, false",
        "Upgrade: websocket, false",
    })
    void only_the_option_upgrade_gives_upgrade_fields_an_effect(String field, boolean upgrades)
            throws BadMessageException {
        Head head = Messages.request("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");

        assertThat(ConnectionFields.upgrades(head)).isEqualTo(upgrades);
    }

    @Test
    void options_of_several_fields_count_together() throws BadMessageException {
        Head head =
                Messages.request("GET / HTTP/1.1\r\nHost: a\r\nConnection: a\r\nA: 1\r\nb: 2\r\nC: 3\r\nConnection: "
                        + ", B\t,close\r\n\r\n");

        assertThat(ConnectionFields.keepAlive(head)).isFalse();
        assertThat(ConnectionFields.lists(head, head.find("a"))).isTrue();
        assertThat(ConnectionFields.lists(head, head.find("b"))).isTrue();
        assertThat(ConnectionFields.lists(head, head.find("c"))).isFalse();
        assertThat(ConnectionFields.lists(head, head.find("host"))).isFalse();
    }
}
