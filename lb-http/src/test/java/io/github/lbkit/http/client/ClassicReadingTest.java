package io.github.lbkit.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.client.TestClient.Ask;
import io.github.lbkit.http.client.TestClient.Options;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a response that was read to its declared end is a success, in whatever way its caller reads. */
class ClassicReadingTest {
    private static final String BODY = ResponseReader.body();
    private static final String LENGTH =
            "HTTP/1.1 200 OK\r\nContent-Length: " + ResponseReader.LENGTH + "\r\n\r\n" + BODY;
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunk(BODY.substring(0, 15_000)) + chunk(BODY.substring(15_000)) + "0\r\n\r\n";
    private static final String TRAILERS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            + chunk(BODY) + "0;last\r\nX-Sum: 17\r\n\r\n";

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    static List<Arguments> everyWay() {
        List<Arguments> ways = new ArrayList<>();
        for (String method : List.of("GET", "POST")) {
            for (String response : List.of(LENGTH, CHUNKED, TRAILERS, gzip(true), gzip(false))) {
                for (ResponseReader reading : ResponseReader.values()) {
                    ways.add(Arguments.of(method, reading, response));
                }
            }
        }
        return ways;
    }

    /** The body compressed, with its length or in chunks. */
    private static String gzip(boolean length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(BODY.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        String body = bytes.toString(StandardCharsets.ISO_8859_1);
        return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                + (length
                        ? "Content-Length: " + body.length() + "\r\n\r\n" + body
                        : "Transfer-Encoding: chunked\r\n\r\n" + chunk(body) + "0\r\n\r\n");
    }

    @ParameterizedTest(name = "{0} {1} {index}")
    @MethodSource("everyWay")
    void a_response_that_was_read_to_its_declared_end_is_a_success(
            String method, ResponseReader reading, String response) throws IOException {
        outcomeOf(method, reading, response, "s1 succeeded", "s1 succeeded");
    }

    @ParameterizedTest
    @EnumSource
    void a_status_that_says_failure_is_a_failure_in_every_way_of_reading(ResponseReader reading) throws IOException {
        for (String ok : List.of(LENGTH, CHUNKED)) {
            String busy = ok.replace("200 OK", "503 Busy");
            outcomeOf("POST", reading, busy, "s1 failed STATUS", "s1 failed STATUS");
        }
    }

    /** Two requests, over one connection if it can be kept. */
    private static void outcomeOf(String method, ResponseReader reading, String response, String... outcomes)
            throws IOException {
        Ask ask = method.equals("GET") ? Ask.get("http://orders/") : Ask.with(method, "abc");
        ServerScript answer = method.equals("GET")
                ? new ServerScript().expectHead()
                : new ServerScript().expectHead().expect(3);
        try (ScriptedServer first = ScriptedServer.start(answer.send(response).again());
                BalancedFixture fixture = BalancedFixture.over(first);
                ClassicTestClient client = new ClassicTestClient(fixture.builder(), Options.NONE)) {
            for (int i = 1; i <= outcomes.length; i++) {
                try (ClassicHttpResponse read = client.client.executeOpen(null, ClassicTestClient.request(ask), null)) {
                    reading.read(read);
                }
                fixture.awaitOutcomes(List.of(outcomes).subList(0, i).toArray(String[]::new));
            }
            assertThat(first.accepted()).as("connections").isEqualTo(1);
        }
    }

    @Test
    void a_failing_status_counts_though_its_response_is_never_read_nor_closed() throws IOException {
        ServerScript busy = new ServerScript()
                .expectHead()
                .expect(3)
                .send("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                .expectEnd();
        try (ScriptedServer first = ScriptedServer.start(busy);
                BalancedFixture fixture = BalancedFixture.over(first);
                ClassicTestClient client = new ClassicTestClient(fixture.builder(), Options.NONE)) {
            var unread = client.client.executeOpen(null, ClassicTestClient.request(Ask.with("POST", "abc")), null);

            assertThat(unread.getCode()).isEqualTo(503);
            fixture.awaitOutcomes("s1 failed STATUS");
        }
    }

    @Test
    void a_response_that_was_read_to_its_declared_end_is_over_before_it_is_closed() throws IOException {
        for (ResponseReader exact : List.of(
                ResponseReader.EXACT_BYTES,
                ResponseReader.EXACT_SINGLE_BYTES,
                ResponseReader.EXACT_SKIP,
                ResponseReader.TO_BYTES)) {
            try (ScriptedServer first = ScriptedServer.start(ServerScript.answering(LENGTH));
                    BalancedFixture fixture = BalancedFixture.over(first);
                    ClassicTestClient client = new ClassicTestClient(fixture.builder(), Options.NONE)) {
                try (ClassicHttpResponse response =
                        client.client.executeOpen(null, ClassicTestClient.request(Ask.get("http://orders/")), null)) {
                    exact.read(response);

                    fixture.awaitOutcomes("s1 succeeded");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONSUME", "CLOSE_ENTITY", "HALF_AND_CLOSE", "TO_BYTES"})
    void a_body_that_its_server_cuts_is_its_failure_in_every_way_of_reading(ResponseReader reading) {
        for (String whole : List.of(LENGTH, CHUNKED)) {
            String cut = whole.substring(0, whole.length() - 100);
            ServerScript cutting = new ServerScript().expectHead().send(cut).close();
            try (ScriptedServer first = ScriptedServer.start(cutting);
                    BalancedFixture fixture = BalancedFixture.over(first);
                    ClassicTestClient client = new ClassicTestClient(fixture.builder(), Options.NONE)) {
                try (ClassicHttpResponse response =
                        client.client.executeOpen(null, ClassicTestClient.request(Ask.get("http://orders/")), null)) {
                    reading.read(response);
                } catch (IOException e) {
                    // the caller sees the cut too
                }

                fixture.awaitOutcomes("s1 failed DISCONNECT");
            }
        }
    }

    @Test
    void a_response_that_ends_with_its_connection_says_nothing_unless_its_end_was_read() throws IOException {
        ServerScript unframed = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY)
                .close();
        for (ResponseReader reading : List.of(ResponseReader.TO_BYTES, ResponseReader.HALF_AND_CLOSE)) {
            try (ScriptedServer first = ScriptedServer.start(unframed);
                    BalancedFixture fixture = BalancedFixture.over(first);
                    ClassicTestClient client = new ClassicTestClient(fixture.builder(), Options.NONE)) {
                try (ClassicHttpResponse response =
                        client.client.executeOpen(null, ClassicTestClient.request(Ask.get("http://orders/")), null)) {
                    reading.read(response);
                }

                fixture.awaitOutcomes(reading == ResponseReader.TO_BYTES ? "s1 succeeded" : "s1 abandoned");
            }
        }
    }
}
