package io.github.lbkit.http.internal.wire;

import static io.github.lbkit.http.internal.wire.Messages.bytes;
import static io.github.lbkit.http.internal.wire.Messages.outcome;
import static io.github.lbkit.http.internal.wire.Messages.response;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {
    @Test
    void a_response_gives_its_parts() throws BadMessageException {
        Head head = response("HTTP/1.0 404 Not \u00e9 Found\r\nServer: s\r\n\r\n");

        assertThat(head.status()).isEqualTo(404);
        assertThat(head.reason()).isEqualTo("Not \u00e9 Found");
        assertThat(head.versionMinor()).isZero();
        assertThat(head.value(head.find("server"))).isEqualTo("s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 \r\n\r\n",
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1 999 a\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 599 a\tb  c \r\n\r\n",
                "HTTP/1.1 200 OK\r\nHost: a b\r\nHost: c\r\n\r\n",
            })
    void every_response_of_the_grammar_is_accepted(String message) throws BadMessageException {
        assertThat(response(message).end()).isEqualTo(message.length());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an empty line before the response | \\r\\nHTTP/1.1 200 OK\\r\\n\\r\\n
            a status of two digits            | HTTP/1.1 20 OK\\r\\n\\r\\n
            a status of four digits           | HTTP/1.1 2000 OK\\r\\n\\r\\n
            a status with a sign              | HTTP/1.1 +20 OK\\r\\n\\r\\n
            status 099                        | HTTP/1.1 099 OK\\r\\n\\r\\n
            a tab behind the status           | HTTP/1.1 200\\tOK\\r\\n\\r\\n
            a line feed behind the status     | HTTP/1.1 200\\n\\r\\n
            a letter behind the status        | HTTP/1.1 200OK\\r\\n\\r\\n
            two blanks                        | HTTP/1.1  200 OK\\r\\n\\r\\n
            a tab for a blank                 | HTTP/1.1\\t200 OK\\r\\n\\r\\n
            a NUL in the reason               | HTTP/1.1 200 O\\000K\\r\\n\\r\\n
            a carriage return in the reason   | HTTP/1.1 200 O\\rK\\r\\n\\r\\n
            a line feed alone                 | HTTP/1.1 200 OK\\n\\r\\n
            a folded field                    | HTTP/1.1 200 OK\\r\\nA: b\\r\\n c\\r\\n\\r\\n
            a blank before the colon          | HTTP/1.1 200 OK\\r\\nA : b\\r\\n\\r\\n
            another protocol                  | ICY 200 OK\\r\\n\\r\\n
            a version of two digits           | HTTP/1.10 200 OK\\r\\n\\r\\n
            a Connection that is no list      | HTTP/1.1 200 OK\\r\\nConnection: keep-alive; a\\r\\n\\r\\n
            """)
    void a_response_that_breaks_the_grammar_is_refused(String why, String escaped) {
        assertThat(outcome(false, bytes(escaped.translateEscapes()))).as(why).startsWith("400 ");
    }

    @Test
    void another_major_version_is_refused() {
        assertThat(outcome(false, bytes("HTTP/2.0 200 OK\r\n\r\n"))).startsWith("505 ");
    }
}
