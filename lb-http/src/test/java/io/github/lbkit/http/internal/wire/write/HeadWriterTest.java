package io.github.lbkit.http.internal.wire.write;

import static io.github.lbkit.http.internal.wire.Messages.request;
import static io.github.lbkit.http.internal.wire.Messages.response;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.ForwardedStyle;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.GeneratedHeads;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.Messages;
import io.github.lbkit.http.internal.wire.body.Framing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWriterTest {
    private static final String SERVER = "10.0.0.5:8080";
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");
    private static final Set<String> OURS =
            Set.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-request-id", "forwarded");
    private static final String ADDED =
            "X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a\r\nX-Request-Id: id-1\r\n\r\n";
    private static final String ID = "X-Request-Id: id-1\r\n";

    @Test
    void a_request_without_hop_by_hop_fields_is_forwarded_unchanged_before_our_fields() throws BadMessageException {
        String head = "GET /a?b HTTP/1.1\r\nHost: a\r\nAccept:  */*\r\ncookie:c=d\r\n";

        assertThat(written(head + ID + "\r\n", Framing.NONE)).isEqualTo(head + ADDED);
    }

    @Test
    void hop_by_hop_fields_and_those_that_connection_lists_are_out() throws BadMessageException {
        String message = """
                GET / HTTP/1.1
                Connection: close, X-Private, keep-alive
                Host: a
                Keep-Alive: timeout=5
                x-private: 1
                Accept: b
                Proxy-Connection: keep-alive
                Proxy-Authorization: Basic x
                TE: gzip
                Trailer: Checksum
                Upgrade: h2c
                HTTP2-Settings: AAMAAABkAAQAAP__
                X-PRIVATE: 2
                Connection: Authorization
                Authorization: Basic y
                Accept: c
                """;

        assertThat(written(lines(message) + ID + "\r\n", Framing.NONE))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nAccept: b\r\nAccept: c\r\n" + ADDED);
    }

    @Test
    void the_connection_field_cannot_remove_host_framing_or_the_fields_of_the_proxy() throws BadMessageException {
        String message = """
                POST / HTTP/1.1
                Host: a
                Content-Length: 3
                Expect: 100-continue
                Connection: Host, Content-Length, X-Forwarded-For, X-Forwarded-Proto, X-Request-Id, Expect
                """;

        assertThat(written(lines(message) + ID + "\r\n", 3))
                .isEqualTo("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n" + ADDED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X_Forwarded_For: 1.1.1.1",
                "X-Forwarded_Host: evil",
                "x_request_id: evil",
                "Content_Length: 5",
                "Transfer_Encoding: chunked",
                "X_Forwarded_Port: 1",
                "Forwarded: for=1.1.1.1",
                "X-Forwarded-For: 1.1.1.1",
                "X-Forwarded-Port: 1",
                "X-Forwarded-Prefix: /x",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil",
                "X-Request-Id: not acceptable"
            })
    void fields_that_imitate_those_of_the_proxy_are_removed(String field) throws BadMessageException {
        Head head = request("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
        ByteSink sink = new ByteSink(100);
        ForwardedFields forwarded =
                new ForwardedFields("10.0.0.9", "http", false, ForwardedStyle.X_FORWARDED, Via.NONE);
        forwarded.id().assign(head, new RequestIds(new SplittableRandom(1)));

        HeadWriter.writeRequest(head, Framing.NONE, forwarded, SERVER, sink);

        assertThat(Messages.content(sink))
                .startsWith("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.9\r\n"
                        + "X-Forwarded-Proto: http\r\nX-Forwarded-Host: a\r\nX-Request-Id: ")
                .doesNotContain(field + "\r\n")
                .hasSize(("GET / HTTP/1.1\r\nHost: a\r\n" + ADDED).length() - "id-1".length() + 32 - 2);
    }

    @Test
    void the_client_is_appended_to_trusted_addresses_that_came() throws BadMessageException {
        String fields = "X-Forwarded-For: 1.1.1.1, 2.2.2.2\r\nB: c\r\nX-Forwarded-For:\r\nX-Forwarded-For: 3.3.3.3\r\n";
        Head head = request("GET / HTTP/1.1\r\nHost: a\r\n" + fields + ID + "\r\n");

        assertThat(write(head, Framing.NONE, true))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n"
                        + ADDED.replace("10.0.0.9", "1.1.1.1, 2.2.2.2, 3.3.3.3, 10.0.0.9"));
    }

    @Test
    void trusted_forwarding_is_kept() throws BadMessageException {
        String kept =
                "X-Forwarded-Proto: https\r\nX-Forwarded-Host: front\r\nForwarded: for=b\r\nX-Forwarded-Port: 443\r\n";
        Head head = request("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: b\r\n" + kept + ID + "\r\n");

        assertThat(write(head, Framing.NONE, true))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\n" + kept + "X-Forwarded-For: b, 10.0.0.9\r\n" + ID + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://b:81/c?d HTTP/1.1, GET /c?d HTTP/1.1",
        "GET http://b:81 HTTP/1.1, GET / HTTP/1.1",
        "GET http://b:81?d HTTP/1.0, GET /?d HTTP/1.1",
        "OPTIONS http://b:81 HTTP/1.1, OPTIONS * HTTP/1.1",
    })
    void an_absolute_target_becomes_a_path_and_the_host(String line, String expected) throws BadMessageException {
        String fields = ADDED.replace("-Host: a", "-Host: b:81");

        assertThat(written(line + "\r\nHost: a\r\nB: c\r\n" + ID + "\r\n", Framing.NONE))
                .isEqualTo(expected + "\r\nHost: b:81\r\nB: c\r\n" + fields);
    }

    @Test
    void a_request_of_http_1_0_goes_on_as_1_1_with_a_host_and_without_expectation() throws BadMessageException {
        assertThat(written("POST / HTTP/1.0\r\nExpect: 100-continue\r\n" + ID + "\r\n", 0))
                .isEqualTo("POST / HTTP/1.1\r\nHost: " + SERVER + "\r\nContent-Length: 0\r\n"
                        + ADDED.replace("X-Forwarded-Host: a\r\n", ""));
    }

    @Test
    void a_length_that_differs_from_the_forwarded_one_is_replaced() throws BadMessageException {
        for (String other : List.of("6", "15", "51", "5", "", "0")) {
            assertThat(written(
                                    "POST / HTTP/1.1\r\nContent-Length: " + other
                                            + "\r\nHost: a\r\nContent-Length: 5\r\n" + ID + "\r\n",
                                    5)
                            .split("Content-Length: 5\r\n", -1))
                    .hasSize(2);
        }
        assertThat(written("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n" + ID + "\r\n", 100))
                .isEqualTo("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n" + ADDED);
    }

    @ParameterizedTest
    @CsvSource({"Content-Length:5", "Content-Length:   5", "Content-Length: 005"})
    void a_length_is_written_once_and_canonically(String field) throws BadMessageException {
        assertThat(written("POST / HTTP/1.1\r\n" + field + "\r\nHost: a\r\n" + ID + "\r\n", 5))
                .isEqualTo("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n" + ADDED);
    }

    @Test
    void chunks_are_announced_once() throws BadMessageException {
        assertThat(written(
                        "POST / HTTP/1.1\r\nTransfer-Encoding:chunked\r\nHost: a\r\n" + ID + "\r\n", Framing.CHUNKED))
                .isEqualTo("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + ADDED);
    }

    @Test
    void te_goes_on_only_as_trailers() throws BadMessageException {
        assertThat(written(
                        "GET / HTTP/1.1\r\nTE: Trailers\r\nConnection: TE\r\nHost: a\r\n" + ID + "\r\n", Framing.NONE))
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: trailers\r\n" + ADDED);
    }

    @Test
    void a_response_keeps_its_fields_and_takes_another_framing() throws BadMessageException {
        Head head = response(
                "HTTP/1.0 200 Fine\r\nServer: s\r\nConnection: close, x\r\nX: y\r\nX_Forwarded_For: z\r\n\r\n");

        assertThat(writtenResponse(head, Framing.CHUNKED))
                .isEqualTo("HTTP/1.1 200 Fine\r\nServer: s\r\nX_Forwarded_For: z\r\nTransfer-Encoding: chunked\r\n");
        assertThat(writtenResponse(head, Framing.TO_CLOSE))
                .isEqualTo("HTTP/1.1 200 Fine\r\nServer: s\r\nX_Forwarded_For: z\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "200 OK, -3, true",
        "304 Not Modified, -3, true",
        "204 No Content, -3, false",
        "200 OK, 5, true",
        "200 OK, -1, false",
        "200 OK, -2, false",
    })
    void a_response_tells_a_length_where_it_means_one(String status, long framing, boolean tells)
            throws BadMessageException {
        Head head = response("HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\n");

        assertThat(writtenResponse(head, framing).contains("Content-Length: 5\r\n"))
                .isEqualTo(tells);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void a_written_request_parses_again_to_the_same_end_to_end_fields(@ForAll("requests") String message)
            throws BadMessageException {
        Head head = request(message);
        Head again = request(written(message, Framing.NONE));

        assertThat(again.method()).isEqualTo(head.method());
        assertThat(again.target()).isEqualTo(head.target());
        assertThat(again.versionMinor()).isEqualTo(1);
        assertThat(endToEnd(again, true)).isEqualTo(endToEnd(head, true));
        assertThat(again.find("x-request-id")).isNotNegative();
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void a_written_response_parses_again_to_the_same_end_to_end_fields(@ForAll("responses") String message)
            throws BadMessageException {
        Head head = response(message);
        Head again = response(writtenResponse(head, Framing.NONE) + "\r\n");

        assertThat(again.status()).isEqualTo(head.status());
        assertThat(again.reason()).isEqualTo(head.reason());
        assertThat(endToEnd(again, false)).isEqualTo(endToEnd(head, false));
    }

    @Property(tries = 4000, shrinking = ShrinkingMode.BOUNDED)
    void every_accepted_request_is_forwarded_as_the_same_message(@ForAll("mutatedRequests") byte[] message)
            throws BadMessageException {
        HeadParser parser = Messages.parser(true);
        long framing;
        try {
            if (!parser.parse(message, 0, message.length)) {
                return;
            }
            framing = Framing.ofRequest(parser.head());
        } catch (BadMessageException e) {
            return;
        }
        Head head = parser.head();
        Head again = request(write(head, framing, false));

        assertThat(Framing.ofRequest(again)).isEqualTo(framing);
        assertThat(again.method()).isEqualTo(head.method());
        assertThat(again.path()).isEqualTo(head.path());
        assertThat(again.query()).isEqualTo(head.query());
        assertThat(endToEnd(again, true)).isEqualTo(endToEnd(head, true));
    }

    @Provide
    Arbitrary<byte[]> mutatedRequests() {
        return GeneratedHeads.mutated(GeneratedHeads.requests());
    }

    @Provide
    Arbitrary<String> requests() {
        return GeneratedHeads.requests();
    }

    @Provide
    Arbitrary<String> responses() {
        return GeneratedHeads.responses();
    }

    /** The fields that should go on, by a plain reading of the rules. */
    private static List<String> endToEnd(Head head, boolean request) {
        List<String> listed = new ArrayList<>();
        for (int i = 0; i < head.fieldCount(); i++) {
            if (head.name(i).equalsIgnoreCase("connection")) {
                for (String option : head.value(i).split(",", -1)) {
                    listed.add(option.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < head.fieldCount(); i++) {
            String name = head.name(i).toLowerCase(Locale.ROOT);
            boolean ours = request
                    && (OURS.contains(name)
                            || name.startsWith("x-forwarded-")
                            || name.equals("expect")
                            || name.equals("host")
                            || name.contains("_"));
            if (!HOP_BY_HOP.contains(name) && !name.equals("content-length") && !listed.contains(name) && !ours) {
                fields.add(head.name(i) + "=" + head.value(i));
            }
        }
        return fields;
    }

    private static String written(String message, long framing) throws BadMessageException {
        return write(request(message), framing, false);
    }

    private static String write(Head head, long framing, boolean trusted) {
        ByteSink sink = new ByteSink(16);
        ForwardedFields forwarded =
                new ForwardedFields("10.0.0.9", "http", trusted, ForwardedStyle.X_FORWARDED, Via.NONE);
        forwarded.id().assign(head, new RequestIds(new SplittableRandom(1)));
        HeadWriter.writeRequest(head, framing, forwarded, SERVER, sink);
        return Messages.content(sink.crlf());
    }

    private static String writtenResponse(Head head, long framing) {
        ByteSink sink = new ByteSink(16);
        HeadWriter.writeResponse(head, framing, sink);
        return Messages.content(sink);
    }

    private static String lines(String text) {
        return text.replace("\n", "\r\n");
    }
}
