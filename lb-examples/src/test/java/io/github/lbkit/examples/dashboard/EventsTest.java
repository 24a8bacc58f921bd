package io.github.lbkit.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event stream and the page's files as they go over the wire, and who may not have or do what. */
class EventsTest {
    @TempDir
    Path state;

    /** A stream that a page has open. */
    private static final class Listening implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Listening(InetSocketAddress address) throws IOException {
            socket = new Socket(address.getAddress(), address.getPort());
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /events HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String line(String prefix) throws IOException {
            for (String line; (line = in.readLine()) != null; ) {
                if (line.startsWith(prefix)) {
                    return line;
                }
            }
            throw new AssertionError("the stream ended before " + prefix);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void a_stream_begins_with_everything_and_goes_on_every_second() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1");
                Listening page = new Listening(running.admin)) {
            assertThat(page.line("HTTP/1.1")).endsWith("200 OK");
            assertThat(page.line("Content-Type")).contains("text/event-stream");
            assertThat(page.line("retry")).isEqualTo("retry: 1000");
            Set<String> states = new TreeSet<>();
            while (states.size() < 3) { // the first may be of the second before the server was ready
                states.add(page.line("data: {\"pool\""));
            }

            assertThat(page.line("data: ")).contains("[\"Server 1\",\"ready\",1,1.0,1.0,");
        }
    }

    @Test
    void streams_are_bounded_and_one_that_left_makes_room() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "0")) {
            List<Listening> open = new ArrayList<>();
            for (int i = 0; i < Dashboard.MAX_STREAMS; i++) {
                Listening page = new Listening(running.admin);
                open.add(page);
                assertThat(page.line("HTTP/1.1")).endsWith("200 OK");
            }
            RawHttp late = RawHttp.get(running.admin, "/events");
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.field("Retry-After")).isEqualTo("5");

            open.remove(0).close();
            RunningBalancer.await("room", () -> {
                try (Listening page = new Listening(running.admin)) {
                    return page.line("HTTP/1.1").endsWith("200 OK");
                } catch (IOException e) {
                    return false;
                }
            });
            for (Listening page : open) {
                page.close();
            }
        }
    }

    @Test
    void a_balancer_that_stops_ends_its_streams() throws Exception {
        RunningBalancer running = new RunningBalancer(state, "--servers", "0");
        try (Listening page = new Listening(running.admin)) {
            page.line("data: ");
            running.close();
            for (String line; (line = page.in.readLine()) != null; ) {
                assertThat(line).isNotNull();
            }
        } finally {
            running.close();
        }
    }

    @Test
    void every_file_of_the_page_is_bound_to_its_own_origin_and_has_nothing_inline() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "0")) {
            RawHttp page = RawHttp.get(running.admin, "/dashboard");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body())
                    .doesNotContainPattern("<script(?![^>]* src=)")
                    .doesNotContain("<style", " style=", " onclick=", "javascript:", "http://", "https://");
            List<String> files = java.util.regex.Pattern.compile("(?:src|href)=\"(/dashboard/[^\"]+)\"")
                    .matcher(page.body())
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(files).contains("/dashboard/main.js", "/dashboard/uplot.js", "/dashboard/dashboard.css");
            for (String file : files) {
                RawHttp answer = RawHttp.get(running.admin, file);
                assertThat(answer.status()).as(file).isEqualTo(200);
                assertThat(answer.field("Content-Security-Policy"))
                        .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
                        .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                        .doesNotContain("unsafe");
                assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
            }
            assertThat(RawHttp.get(running.admin, "/dashboard/../serve/Balancer.class")
                            .status())
                    .isEqualTo(404);
            assertThat(RawHttp.send(running.admin, "POST", "/dashboard", "").status())
                    .isEqualTo(405);
            assertThat(RawHttp.send(running.admin, "POST", "/events", "").status())
                    .isEqualTo(405);
        }
    }

    @Test
    void pages_of_other_origins_get_nothing_and_change_nothing() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1")) {
            String drain = "{\"override\":\"DRAIN\"}";
            String json = "Content-Type: application/json";
            String foreign = "Origin: http://evil.test";
            for (String path : List.of("/events", "/dashboard", "/metrics", "/keyspace", "/servers")) {
                assertThat(RawHttp.send(running.admin, "GET", path, "", "Host: evil.test")
                                .status())
                        .as(path)
                        .isEqualTo(403);
                assertThat(RawHttp.send(running.admin, "GET", path, "", foreign).status())
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(RawHttp.send(running.admin, "PUT", "/servers/Server%201", drain, json, foreign)
                            .status())
                    .isEqualTo(403);
            assertThat(RawHttp.send(running.admin, "PUT", "/servers/Server%201", drain, "Content-Type: text/plain")
                            .status())
                    .isEqualTo(415);
            assertThat(RawHttp.send(running.admin, "POST", "/servers/Server%201/replace", "{}", json, foreign)
                            .status())
                    .isEqualTo(403);
            assertThat(RawHttp.send(running.admin, "POST", "/servers/Server%201/replace", "")
                            .status())
                    .isEqualTo(415);
            assertThat(RawHttp.json(running.admin, "POST", "/servers/S9/replace", "{}")
                            .status())
                    .isEqualTo(400);
            assertThat(RawHttp.get(running.admin, "/servers/Server%201").body()).contains("\"override\":\"NONE\"");
        }
    }

    @Test
    void an_event_has_the_key_space_before_and_after_a_change() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "2")) {
            String now = RawHttp.get(running.admin, "/keyspace").body();
            String later = RawHttp.get(running.admin, "/keyspace?add=S9").body();

            assertThat(now).startsWith("{\"policy\":\"hash\",\"servers\":[\"Server 1\",\"Server 2\"],\"before\":[");
            assertThat(now.split(",", -1)).hasSizeGreaterThan(2 * 1024);
            assertThat(later).contains("\"servers\":[\"S9\",\"Server 1\",\"Server 2\"]");
            assertThat(RawHttp.get(running.admin, "/keyspace?remove=S9").status())
                    .isEqualTo(400);
        }
    }
}
