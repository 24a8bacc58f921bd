package io.github.lbkit.http.internal.wire;

import static io.github.lbkit.http.internal.wire.Messages.bytes;
import static io.github.lbkit.http.internal.wire.Messages.outcome;
import static io.github.lbkit.http.internal.wire.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    @Test
    void a_request_gives_its_parts_as_offsets_and_strings() throws BadMessageException {
        Head head = request("POST /a/b?c=%20d?e HTTP/1.1\r\nHost: x:80\r\nAccept:\t */* \t\r\nEmpty:\r\n\r\nbody");

        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.methodIs("POST")).isTrue();
        assertThat(head.methodIs("post")).isFalse();
        assertThat(head.target()).isEqualTo("/a/b?c=%20d?e");
        assertThat(head.path()).isEqualTo("/a/b");
        assertThat(head.query()).isEqualTo("c=%20d?e");
        assertThat(head.versionMinor()).isEqualTo(1);
        assertThat(head.fieldCount()).isEqualTo(3);
        assertThat(head.value(head.find("ACCEPT"))).isEqualTo("*/*");
        assertThat(head.value(head.find("empty"))).isEmpty();
        assertThat(head.find("Acc")).isEqualTo(-1);
        assertThat(head.known(0)).isEqualTo(FieldName.HOST);
        assertThat(Messages.text(head.bytes(), head.end(), head.end() + 4)).isEqualTo("body");
    }

    @Test
    void a_target_without_a_question_mark_has_no_query_and_an_empty_one_is_empty() throws BadMessageException {
        assertThat(request("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").query()).isNull();
        assertThat(request("GET /a? HTTP/1.1\r\nHost: h\r\n\r\n").query()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/p?q, h, /p, q",
        "HTTPS://h:1/p, h:1, /p,",
        "http://h, h, /,",
        "http://[::1]:8080?q, [::1]:8080, /, q",
    })
    void an_absolute_target_has_an_authority(String target, String authority, String path, String query)
            throws BadMessageException {
        Head head = request("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n");

        assertThat(head.isAbsoluteForm()).isTrue();
        assertThat(Messages.text(head.bytes(), head.authorityStart(), head.authorityEnd()))
                .isEqualTo(authority);
        assertThat(head.path()).isEqualTo(path);
        assertThat(head.query()).isEqualTo(query);
        assertThat(head.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.0\r\nHost:\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "get / HTTP/1.1\r\nhOST:a\r\n\r\n",
                "M-SEARCH /%zz/\"<>\\^`{|}~ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET //a//b/../c HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09azAZ: \u00e9\u00ff\t\"x\"\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: , a,\t,b ,\r\n\r\n",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\nHost: a\r\n\r\n",
            })
    void every_request_of_the_grammar_is_accepted(String message) throws BadMessageException {
        assertThat(request(message).end()).isEqualTo(message.length());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an empty Host                            | GET / HTTP/1.1\\r\\nHost:\\r\\n\\r\\n
            an empty Host beside an absolute target  | GET http://a/ HTTP/1.1\\r\\nHost: \\r\\n\\r\\n
            a carriage return between empty lines    | \\r\\n\\rGET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a bare line feed before the request      | \\nGET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a bare carriage return before it         | \\rGET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a blank before the method                | \\040GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a control character before the method    | \\001GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a method with a separator                | GE(T / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a method of 33 characters  | AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            no method                                | \\040/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a tab for a blank                        | GET\\t/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            two blanks                               | GET  / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            two blanks before the version            | GET /  HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a blank behind the version               | GET / HTTP/1.1 \\r\\nHost: a\\r\\n\\r\\n
            a blank in the target                    | GET /a b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a fragment                               | GET /a#b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a NUL in the target                      | GET /a\\000 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a DEL in the target                      | GET /a\\177 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a raw byte above 0x7f in the target      | GET /\\351 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a relative target                        | GET a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a query as target                        | GET ?a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            an authority as target                   | GET a:80 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            another scheme                           | GET ftp://a/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a user in the target                     | GET http://u@a/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            an absolute target without host          | GET http:///a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            an absolute target with a port alone     | GET http://:80/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a star with GET                          | GET * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a star and more                          | OPTIONS ** HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            HTTP/0.9                                 | GET /\\r\\n
            a version in lower case                  | GET / http/1.1\\r\\nHost: a\\r\\n\\r\\n
            a version of two digits                  | GET / HTTP/1.10\\r\\nHost: a\\r\\n\\r\\n
            a version with leading zero              | GET / HTTP/01.1\\r\\nHost: a\\r\\n\\r\\n
            a version without minor                  | GET / HTTP/1\\r\\nHost: a\\r\\n\\r\\n
            another protocol                         | GET / HTTQ/1.1\\r\\nHost: a\\r\\n\\r\\n
            a line feed alone                        | GET / HTTP/1.1\\nHost: a\\r\\n\\r\\n
            a carriage return alone                  | GET / HTTP/1.1\\rHost: a\\r\\n\\r\\n
            a line feed alone behind a field         | GET / HTTP/1.1\\r\\nHost: a\\nB: c\\r\\n\\r\\n
            a carriage return alone in a value       | GET / HTTP/1.1\\r\\nHost: a\\r\\nB: c\\rD: e\\r\\n\\r\\n
            a line feed for the empty line           | GET / HTTP/1.1\\r\\nHost: a\\r\\n\\n
            a carriage return alone for it           | GET / HTTP/1.1\\r\\nHost: a\\r\\n\\rX
            a blank before the first field           | GET / HTTP/1.1\\r\\n Host: a\\r\\n\\r\\n
            a folded field                           | GET / HTTP/1.1\\r\\nHost: a\\r\\nB: c\\r\\n d\\r\\n\\r\\n
            a field folded by a tab                  | GET / HTTP/1.1\\r\\nHost: a\\r\\nB: c\\r\\n\\td\\r\\n\\r\\n
            a blank before the colon                 | GET / HTTP/1.1\\r\\nHost: a\\r\\nB : c\\r\\n\\r\\n
            a tab before the colon                   | GET / HTTP/1.1\\r\\nHost: a\\r\\nB\\t: c\\r\\n\\r\\n
            a blank in a name                        | GET / HTTP/1.1\\r\\nHost: a\\r\\nB B: c\\r\\n\\r\\n
            a separator in a name                    | GET / HTTP/1.1\\r\\nHost: a\\r\\nB(: c\\r\\n\\r\\n
            a byte above 0x7f in a name              | GET / HTTP/1.1\\r\\nHost: a\\r\\n\\351: c\\r\\n\\r\\n
            a NUL in a name                          | GET / HTTP/1.1\\r\\nHost: a\\r\\nB\\000: c\\r\\n\\r\\n
            a field without name                     | GET / HTTP/1.1\\r\\nHost: a\\r\\n: c\\r\\n\\r\\n
            a field without colon                    | GET / HTTP/1.1\\r\\nHost: a\\r\\nB\\r\\n\\r\\n
            a NUL in a value                         | GET / HTTP/1.1\\r\\nHost: a\\r\\nB: c\\000\\r\\n\\r\\n
            a DEL in a value                         | GET / HTTP/1.1\\r\\nHost: a\\r\\nB: \\177\\r\\n\\r\\n
            a vertical tab in a value  | GET / HTTP/1.1\\r\\nHost: a\\r\\nB: abcdefghijklm\\013\\r\\n\\r\\n
            an escape in a value                     | GET / HTTP/1.1\\r\\nHost: a\\r\\nB: \\033[0m\\r\\n\\r\\n
            no Host                                  | GET / HTTP/1.1\\r\\nB: c\\r\\n\\r\\n
            no field at all                          | GET / HTTP/1.1\\r\\n\\r\\n
            two Hosts                                | GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n
            two equal Hosts                          | GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n
            two Hosts in HTTP/1.0                    | GET / HTTP/1.0\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n
            a Host with a blank                      | GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n
            a Host with a path                       | GET / HTTP/1.1\\r\\nHost: a/b\\r\\n\\r\\n
            a Host with a user                       | GET / HTTP/1.1\\r\\nHost: u@a\\r\\n\\r\\n
            no Host beside an absolute target        | GET http://a/ HTTP/1.1\\r\\n\\r\\n
            a Connection that is no list of tokens   | GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: a b\\r\\n\\r\\n
            a Connection with a parameter            | GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: a;b\\r\\n\\r\\n
            """)
    void a_request_that_breaks_the_grammar_is_400(String why, String escaped) {
        assertThat(outcome(true, bytes(escaped.translateEscapes()))).as(why).startsWith("400 ");
    }

    @ParameterizedTest
    @CsvSource({
        "505, GET / HTTP/2.0",
        "505, GET / HTTP/0.9",
        "505, PRI * HTTP/2.0",
        "501, CONNECT a:443 HTTP/1.1",
        "501, CONNECT / HTTP/1.1",
    })
    void a_valid_request_that_is_not_supported_has_its_own_status(String status, String line) {
        assertThat(outcome(true, bytes(line + "\r\nHost: a\r\n\r\n"))).startsWith(status + " ");
    }

    @Test
    void a_reason_never_repeats_the_bytes_of_the_client() {
        assertThat(outcome(true, bytes("G\u001b[31mT / HTTP/1.1\r\n"))).isEqualTo("400 0x1b in the method");
    }

    @Test
    void bytes_behind_the_head_are_never_read() throws BadMessageException {
        String message = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        byte[] withMore = bytes(message + "\0\0\n\n");
        HeadParser parser = Messages.parser(true);

        assertThat(parser.parse(withMore, 0, withMore.length)).isTrue();
        assertThat(parser.head().end()).isEqualTo(message.length());
    }

    @Test
    void a_parser_that_was_reset_keeps_nothing_of_the_message_before() throws BadMessageException {
        HeadParser parser = Messages.parser(true);
        byte[] first = bytes("GET http://a/b HTTP/1.0\r\nConnection: close, x\r\nX: y\r\n\r\n");
        byte[] second = bytes("PUT /c HTTP/1.1\r\nHost: d\r\n\r\n");

        assertThat(parser.started()).isFalse();
        assertThat(parser.parse(first, 0, first.length)).isTrue();
        assertThat(parser.started()).isTrue();
        parser.reset();
        assertThat(parser.started()).isFalse();
        assertThat(parser.parse(second, 0, second.length)).isTrue();

        assertThat(Messages.describe(parser.head(), true, 0)).isEqualTo(outcome(true, second));
    }
}
