package io.github.lbkit.http.internal.wire.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Messages;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
    @ParameterizedTest
    @CsvSource({
        "GET, '', -3",
        "POST, '', -3",
        "GET, Content-Length: 0, 0",
        "POST, Content-Length: 5, 5",
        "POST, content-length:   007  , 7",
        "POST, Content-Length: 9223372036854775807, 9223372036854775807",
        "POST, Transfer-Encoding: chunked, -1",
        "POST, TRANSFER-ENCODING:CHUNKED, -1",
    })
    void a_request_has_a_length_or_chunks_or_no_body(String method, String field, long expected)
            throws BadMessageException {
        assertThat(Framing.ofRequest(Messages.request(head(method + " / HTTP/1.1", field))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK, false, '', -2",
        "HTTP/1.0 200 OK, false, '', -2",
        "HTTP/1.1 200 OK, false, Content-Length: 5, 5",
        "HTTP/1.0 200 OK, false, Content-Length: 5, 5",
        "HTTP/1.1 200 OK, false, Transfer-Encoding: Chunked, -1",
        "HTTP/1.1 200 OK, true, Content-Length: 5, -3",
        "HTTP/1.1 200 OK, true, Transfer-Encoding: chunked, -3",
        "HTTP/1.1 200 OK, true, '', -3",
        "HTTP/1.1 304 Not Modified, false, Content-Length: 5, -3",
        "HTTP/1.1 304 Not Modified, false, Transfer-Encoding: chunked, -3",
        "HTTP/1.1 204 No Content, false, '', -3",
        "HTTP/1.1 204 No Content, false, Content-Length: 0, -3",
        "HTTP/1.1 100 Continue, false, '', -3",
        "HTTP/1.1 205 Reset Content, false, Content-Length: 0, 0",
    })
    void a_response_ends_as_its_status_and_its_request_say(
            String statusLine, boolean toHead, String field, long expected) throws BadMessageException {
        assertThat(Framing.ofResponse(Messages.response(head(statusLine, field)), toHead))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: identity\r\nContent-Length: 5",
                "Content-Length: 4\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5\r\nX: y\r\ncontent-length: 5",
                "Content-Length: 4,4",
                "Content-Length: 4, 5",
                "Content-Length:",
                "Content-Length: +4",
                "Content-Length: -4",
                "Content-Length: 0x4",
                "Content-Length: 4 4",
                "Content-Length: 4;a",
                "Content-Length: 4.0",
                "Content-Length: 4e1",
                "Content-Length: four",
                "Content-Length: \u00b2",
                "Content-Length: 9223372036854775808",
                "Content-Length: 18446744073709551620",
                "Content-Length: 99999999999999999999999999999999999999",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            })
    void an_ambiguous_framing_is_refused_in_both_directions(String fields) {
        assertRefused(fields, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: chunked;a=b",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chun ked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: \u00a0chunked",
                "Transfer-Encoding:",
            })
    void any_other_coding_than_chunked_is_refused_in_both_directions(String fields) {
        assertRefused(fields, 501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u000bchunked", "chunked\u0000", "chunked\u000c", "chu\rnked", "chunked\r\n chunked"})
    void a_coding_hidden_behind_control_characters_never_gets_that_far(String value) {
        String message = head("POST / HTTP/1.1", "Transfer-Encoding: " + value);

        assertThat(Messages.outcome(true, Messages.bytes(message))).startsWith("400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked"})
    void a_coding_hidden_behind_blanks_never_gets_that_far(String line) {
        assertThat(Messages.outcome(true, Messages.bytes(head("POST / HTTP/1.1", line))))
                .startsWith("400 ");
    }

    @ParameterizedTest
    @CsvSource({"1.0, Transfer-Encoding: chunked", "1.0, Transfer-Encoding: identity"})
    void a_coding_in_http_1_0_is_refused_in_both_directions(String version, String field) {
        assertThatThrownBy(() -> Framing.ofRequest(Messages.request(head("POST / HTTP/" + version, field))))
                .isInstanceOf(BadMessageException.class);
        assertThatThrownBy(
                        () -> Framing.ofResponse(Messages.response(head("HTTP/" + version + " 200 OK", field)), false))
                .isInstanceOf(BadMessageException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "100 Continue, Content-Length: 5",
        "103 Early Hints, Transfer-Encoding: chunked",
        "204 No Content, Content-Length: 5",
        "204 No Content, Transfer-Encoding: chunked",
        "304 Not Modified, Content-Length: 4x",
    })
    void a_body_announced_where_none_can_be_is_not_read(String status, String field) throws BadMessageException {
        Head head = Messages.response(head("HTTP/1.1 " + status, field));

        assertThat(Framing.ofResponse(head, false)).isEqualTo(Framing.NONE);
        assertThat(Framing.announcedLength(head)).isEqualTo(Framing.NONE);
    }

    private static void assertRefused(String fields, int status) {
        assertThatThrownBy(() -> Framing.ofRequest(Messages.request(head("POST / HTTP/1.1", fields))))
                .isInstanceOfSatisfying(
                        BadMessageException.class, e -> assertThat(e.status()).isEqualTo(status));
        assertThatThrownBy(() -> Framing.ofResponse(Messages.response(head("HTTP/1.1 200 OK", fields)), false))
                .isInstanceOf(BadMessageException.class);
    }

    private static String head(String firstLine, String fields) {
        return firstLine + "\r\nHost: a\r\n" + (fields.isEmpty() ? "" : fields + "\r\n") + "\r\n";
    }
}
