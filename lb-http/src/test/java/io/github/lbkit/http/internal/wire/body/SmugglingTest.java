package io.github.lbkit.http.internal.wire.body;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.Messages;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that two readers could take for different ones: none gets through, in parts or whole. */
class SmugglingTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void an_ambiguous_request_does_not_get_through(String why, String message) {
        assertThat(gate(message)).as(why).matches("(400|501|505) .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            })
    void a_plain_request_gets_through_and_what_follows_is_another(String message) {
        assertThat(gate(message + SMUGGLED)).isEqualTo("through, then: " + SMUGGLED);
    }

    static Stream<Arguments> ambiguous() {
        return Stream.of(
                        codings("chunked", "Content-Length: 4\r\n"),
                        Stream.of(
                                        "\u000bchunked",
                                        "chunked\u0000",
                                        "chunked, identity",
                                        "identity, chunked",
                                        "xchunked",
                                        "chunked;q=1",
                                        "'chunked'",
                                        "CHUNKED, chunked",
                                        "chunked\u00a0",
                                        "\u00a0chunked",
                                        "chunk",
                                        "")
                                .flatMap(coding -> codings(coding, "")),
                        Stream.of("+4", "-4", "4,4", "4, 4", "0x4", "4 4", "4\t4", "4\u0000", "4;", "4.", "\u00b24", "")
                                .map(length -> Arguments.of(
                                        "Content-Length: " + length,
                                        post("Content-Length: " + length + "\r\n") + "abcd" + SMUGGLED)),
                        Stream.of(
                                        "Content-Length: 4\r\nContent-Length: 5\r\n",
                                        "Content-Length: 4\r\nContent-Length: 4\r\n",
                                        "Content-Length : 4\r\n",
                                        "Content-Length\t: 4\r\n",
                                        "Content-Length: 4\n",
                                        "Content-Length:\r\n 4\r\n",
                                        "X: y\nContent-Length: 4\r\n",
                                        "X: y\rContent-Length: 4\r\n",
                                        "X: y\u0000\r\n",
                                        "\u0000Content-Length: 4\r\n",
                                        "Content-Length\u0000: 4\r\n",
                                        " Content-Length: 4\r\n",
                                        "Transfer-Encoding\n: chunked\r\n",
                                        "Transfer-Encoding:\n chunked\r\n",
                                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
                                        "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n",
                                        "Transfer-Encoding: chun\r\n ked\r\n")
                                .map(fields ->
                                        Arguments.of(fields, post(fields) + "4\r\nabcd\r\n0\r\n\r\n" + SMUGGLED)),
                        Stream.of(
                                        "-1\r\n",
                                        "0x1\r\nx\r\n",
                                        "+1\r\nx\r\n",
                                        " 1\r\nx\r\n",
                                        "1 \r\nx\r\n",
                                        "1\nx\r\n",
                                        "1\r\nx\n",
                                        "1\r\nxy\r\n",
                                        "1\r\nx0\r\n",
                                        "1\r\nx\r0\r\n",
                                        "10000000000000001\r\nx\r\n",
                                        "ffffffffffffffff\r\nx\r\n",
                                        "1;\nx\r\n",
                                        "1;a=\"\r\nx\r\n",
                                        "1;a\rb\r\nx\r\n",
                                        "0\r\nX : y\r\n",
                                        "0\r\n\n")
                                .map(chunk -> Arguments.of(
                                        chunk,
                                        post("Transfer-Encoding: chunked\r\n") + chunk + "0\r\n\r\n" + SMUGGLED)),
                        Stream.of(
                                        "GET / HTTP/1.10",
                                        "GET / HTTP/2.0",
                                        "GET / HTTP/1.1 ",
                                        " GET / HTTP/1.1",
                                        "GET / HTTP/1.1 HTTP/1.1",
                                        "GE(T / HTTP/1.1",
                                        "GET\t/ HTTP/1.1",
                                        "GET /#f HTTP/1.1",
                                        "GET /\u0000 HTTP/1.1",
                                        "GET /",
                                        "\u0000GET / HTTP/1.1",
                                        "GET / HTTP/1.1\u0000",
                                        "GET http://b@c/ HTTP/1.1")
                                .map(line -> Arguments.of(line, line + "\r\nHost: a\r\n\r\n" + SMUGGLED)))
                .flatMap(s -> s);
    }

    private static Stream<Arguments> codings(String coding, String more) {
        String field = "Transfer-Encoding: " + coding + "\r\n";
        String body = "4\r\nabcd\r\n0\r\n\r\n" + SMUGGLED;
        return Stream.of(
                Arguments.of(field + more, post(field + (more.isEmpty() ? "X: y\r\n" : more)) + body),
                Arguments.of(more + field, post(more + field) + body));
    }

    private static String post(String fields) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    /** What a reader of requests does with the bytes: refuse them, or let a request through. */
    private static String gate(String message) {
        byte[] bytes = Messages.bytes(message);
        HeadParser parser = Messages.parser(true);
        try {
            if (!parser.parse(bytes, 0, bytes.length)) {
                return "incomplete";
            }
            long framing = Framing.ofRequest(parser.head());
            int at = parser.head().end();
            if (framing == Framing.CHUNKED) {
                ChunkDecoder decoder = new ChunkDecoder(1000, 10);
                while (at < bytes.length && !decoder.complete()) {
                    at = decoder.decode(bytes, at, bytes.length);
                }
                if (!decoder.complete()) {
                    return "incomplete";
                }
            } else if (framing > 0) {
                at += (int) framing;
            }
            return "through, then: " + Messages.text(bytes, at, bytes.length);
        } catch (BadMessageException e) {
            return e.status() + " " + e.reason();
        }
    }
}
