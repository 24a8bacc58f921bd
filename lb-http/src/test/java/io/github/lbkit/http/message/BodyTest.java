package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ChunkedText;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.SinkServer;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of bodies of every framing and size, in both directions. */
class BodyTest {
    private static final int BLOCK = 1 << 16;
    private static final String LAST_CHUNK = "0\r\n\r\n";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 16384, 16385, 65536, 300_000})
    void a_response_with_a_length_comes_through(int length) {
        String body = text(length);
        check("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body, body, "Content-Length");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 16385, 300_000})
    void a_chunked_response_comes_through(int length) {
        String body = text(length);
        check(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ChunkedText.chunked(body, 777),
                body,
                "Transfer-Encoding");
    }

    private static void check(String response, String body, String framing) {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(response));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response got = client.get("/");

                assertThat(got.field(framing)).isPresent();
                assertThat(got.body()).isEqualTo(body);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 300_000})
    void a_response_to_the_end_of_the_connection_is_chunked_for_an_http_1_1_client(int length) {
        String body = text(length);
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.0 200 OK\r\n\r\n" + body)
                .close();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 2; i++) {
                RawClient.Response got = client.get("/");

                assertThat(got.field("Transfer-Encoding")).contains("chunked");
                assertThat(got.body()).isEqualTo(body);
            }
        }
    }

    @Test
    void a_response_without_a_length_ends_with_the_connection_of_an_http_1_0_client() {
        String body = text(100_000);
        try (ScriptedServer server = ScriptedServer.start(
                        ServerScript.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + ChunkedText.chunked(body, 5000)),
                        new ServerScript()
                                .expectHead()
                                .send("HTTP/1.1 200 OK\r\n\r\n" + body)
                                .close());
                ProxyFixture fixture = ProxyFixture.over(server)) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = fixture.client()) {
                    RawClient.Response got = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                            .read();

                    assertThat(got.field("Transfer-Encoding")).isEmpty();
                    assertThat(got.field("Connection")).contains("close");
                    assertThat(got.body()).isEqualTo(body);
                }
                if (i == 0) {
                    fixture.pool.put(FixedPool.server("s1", 2, "127.0.0.1", server.port()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000, 65536, 300_000})
    void a_request_with_a_length_comes_through(int length) {
        String body = text(length);
        ServerScript script = new ServerScript()
                .expectHead()
                .expect(length)
                .send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
                .again();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n" + body);

                assertThat(client.read().status()).isEqualTo(201);
            }
            assertThat(server.heads()).hasSize(2).allMatch(h -> h.contains("Content-Length: " + length + "\r\n"));
            assertThat(server.received()).endsWith(body);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 100_000})
    void a_chunked_request_comes_through(int length) {
        String body = text(length);
        ServerScript script = new ServerScript()
                .expectHead()
                .expectThrough(LAST_CHUNK)
                .send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
                .again();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ChunkedText.chunked(body, 999));

            assertThat(client.read().status()).isEqualTo(201);
            assertThat(server.heads().get(0)).contains("Transfer-Encoding: chunked\r\n");
            String sent = server.received();
            assertThat(dechunked(sent.substring(sent.indexOf("\r\n\r\n") + 4))).isEqualTo(body);
        }
    }

    @Test
    void a_body_that_comes_byte_by_byte_comes_through() {
        ServerScript script = new ServerScript()
                .expectHead()
                .expectThrough(LAST_CHUNK)
                .trickle("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + ChunkedText.chunked("what is slow is long", 3));
        try (ScriptedServer server = ScriptedServer.start(script.stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            String request = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ChunkedText.chunked("upwards", 2);
            for (byte b : request.getBytes(StandardCharsets.ISO_8859_1)) {
                client.send(new byte[] {b});
            }

            assertThat(client.read().body()).isEqualTo("what is slow is long");
        }
    }

    @Test
    void trailers_go_on_with_a_chunked_body() {
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
                .send("3\r\nabc\r\n0\r\nX-Sum: 7\r\nContent-Length: 9\r\n\r\n");
        try (ScriptedServer server = ScriptedServer.start(script.stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: trailers\r\n\r\n";

            assertThat(client.send(request).read().body()).isEqualTo("abc");
            assertThat(client.trailers).containsExactly("X-Sum: 7");
        }
    }

    /** The number of blocks of 64 KiB in a large body. */
    int blocks() {
        return 1024;
    }

    @Test
    void sixty_four_mebibytes_come_down_unchanged() throws IOException {
        byte[] block = random(7);
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) BLOCK * blocks() + "\r\n\r\n")
                .sendRepeatedly(block, blocks());
        try (ScriptedServer server = ScriptedServer.start(script.stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
            for (String line = client.line(); !line.isEmpty(); line = client.line()) {
                assertThat(line).doesNotStartWith("Transfer-Encoding");
            }
            CRC32 got = new CRC32();
            for (int i = 0; i < blocks(); i++) {
                got.update(client.in().readNBytes(BLOCK));
            }

            assertThat(got.getValue()).isEqualTo(checksum(block));
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void sixty_four_mebibytes_go_up_unchanged() throws Exception {
        byte[] block = random(8);
        try (SinkServer server = new SinkServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client()) {
            client.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: " + (long) BLOCK * blocks() + "\r\n\r\n");
            OutputStream out = client.out();
            for (int i = 0; i < blocks(); i++) {
                out.write(block);
            }

            assertThat(client.read().body()).isEqualTo(Long.toHexString(checksum(block)));
        }
    }

    @Test
    void a_response_that_begins_before_the_request_has_ended_is_passed_on() {
        ServerScript echo = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                .expectThrough("one\r\n")
                .send("3\r\nONE\r\n")
                .expectThrough("two\r\n")
                .send("3\r\nTWO\r\n")
                .expectThrough(LAST_CHUNK)
                .send(LAST_CHUNK)
                .stall();
        try (ScriptedServer server = ScriptedServer.start(echo);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            assertThat(readUntil(client, "ONE\r\n")).contains("HTTP/1.1 200 OK");

            client.send("3\r\ntwo\r\n");
            assertThat(readUntil(client, "TWO\r\n")).isNotEmpty();

            client.send(LAST_CHUNK);
            assertThat(readUntil(client, LAST_CHUNK)).isNotEmpty();
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void a_response_before_the_end_of_the_request_ends_the_connection_to_the_server_alone() {
        String early = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno";
        ServerScript script =
                new ServerScript().expectHead().expect(3).send(early).stall();
        try (ScriptedServer server =
                        ScriptedServer.start(script, ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n"));
                ProxyFixture fixture = ProxyFixture.over(b -> b.requestBuffering(false), server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            assertThat(client.read().body()).isEqualTo("no");

            client.send("defghijGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(204);
            assertThat(server.heads().get(1)).startsWith("GET /next ");
        }
    }

    @Test
    void a_response_before_the_end_of_a_long_request_closes_the_client_after_it() {
        String early = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";
        ServerScript script = new ServerScript().expectHead().send(early).stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send(
                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\nabc")
                    .read();

            assertThat(response.body()).isEqualTo("big");
            assertThat(response.field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void the_response_of_a_server_that_stops_to_listen_is_passed_on() {
        String early = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";
        ServerScript script =
                new ServerScript().expectHead().expect(100_000).send(early).close();
        for (int i = 0; i < 10; i++) {
            try (ScriptedServer server = ScriptedServer.start(script);
                    ProxyFixture fixture = ProxyFixture.over(server);
                    RawClient client = fixture.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
                Thread sending = new Thread(() -> sendAll(client, 10_000_000));
                sending.start();

                assertThat(client.read().body()).isEqualTo("big");
            }
        }
    }

    private static void sendAll(RawClient client, int length) {
        try {
            byte[] block = new byte[10_000];
            for (int sent = 0; sent < length; sent += block.length) {
                client.out().write(block);
            }
        } catch (IOException closedByTheProxy) {
            // as it should be
        }
    }

    private static String readUntil(RawClient client, String end) {
        StringBuilder read = new StringBuilder();
        try {
            while (read.indexOf(end) < 0) {
                read.append(client.exactly(1));
            }
        } catch (IOException e) {
            throw new AssertionError("got '" + read + "' and no " + end, e);
        }
        return read.toString();
    }

    private long checksum(byte[] block) {
        CRC32 expected = new CRC32();
        for (int i = 0; i < blocks(); i++) {
            expected.update(block);
        }
        return expected.getValue();
    }

    private static byte[] random(long seed) {
        byte[] block = new byte[BLOCK];
        new SplittableRandom(seed).nextBytes(block);
        return block;
    }

    private static String text(int length) {
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = (char) ('a' + i % 26);
        }
        return new String(chars);
    }

    private static String dechunked(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int end = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, end), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(chunks, end + 2, end + 2 + size);
            at = end + 4 + size;
        }
    }
}
