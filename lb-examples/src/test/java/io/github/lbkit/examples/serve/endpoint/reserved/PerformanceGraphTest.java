package io.github.lbkit.examples.serve.endpoint.reserved;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RepeatedRequests;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The graph of a balancer with real servers. */
class PerformanceGraphTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    @TempDir
    static Path state;

    private static RunningBalancer running;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        running = new RunningBalancer(state, "--servers", "2");
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static HttpResponse<byte[]> get(int port, String target, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/performancegraph", "/performance_graph", "/performancegraph?format=png"})
    void the_graph_is_a_png_that_is_not_cached(String target) throws Exception {
        HttpResponse<byte[]> graph = get(running.traffic.getPort(), target);

        assertThat(graph.statusCode()).isEqualTo(200);
        assertThat(graph.headers().firstValue("Content-Type")).hasValue("image/png");
        assertThat(graph.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(Arrays.copyOf(graph.body(), PNG.length)).isEqualTo(PNG);
    }

    @Test
    void the_admin_listener_has_it_too() throws Exception {
        assertThat(get(running.admin.getPort(), "/performancegraph").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image/svg+xml                                             | image/svg+xml
            image/png;q=0.5, image/svg+xml                            | image/svg+xml
            image/svg+xml;q=0.5, image/png                            | image/png
            image/svg+xml, image/*                                    | image/png
            text/html,application/xml;q=0.9,image/webp,*/*;q=0.8      | image/png
            application/json                                          | image/png
            """)
    void accept_chooses_the_format_and_png_wins_a_tie(String accept, String type) throws Exception {
        HttpResponse<byte[]> graph = get(running.traffic.getPort(), "/performancegraph", "Accept", accept);

        assertThat(graph.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(graph.headers().firstValue("Vary")).hasValue("Accept");
    }

    @Test
    void a_format_that_is_not_known_is_400() throws Exception {
        assertThat(running.get("/performancegraph?format=gif").body())
                .isEqualTo("{\"message\":\"<Error> format 'gif' is not known; allowed: png, svg\","
                        + "\"status\":\"failure\"}");
        assertThat(running.get("/performancegraph?format=gif").status()).isEqualTo(400);
        assertThat(running.get("/performancegraph?size=9").status()).isEqualTo(400);
        assertThat(RawHttp.send(running.traffic, "POST", "/performancegraph", "")
                        .status())
                .isEqualTo(405);
    }

    @Test
    void head_is_as_get_without_the_image() throws Exception {
        RawHttp head = RawHttp.send(running.traffic, "HEAD", "/performancegraph?format=svg", "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(Integer.parseInt(head.field("Content-Length"))).isGreaterThan(1000);
    }

    @Test
    void it_counts_every_request_by_server(@TempDir Path own) throws Exception {
        try (RunningBalancer fresh = new RunningBalancer(own, "--servers", "2")) {
            for (int i = 0; i < 30; i++) {
                assertThat(fresh.get("/home").status()).isEqualTo(200);
            }

            RunningBalancer.await("the next picture", () -> requests(fresh) >= 30);
            assertThat(requests(fresh)).isEqualTo(30);
            assertThat(svg(fresh)).contains("no failures", "Server 1", "Server 2");
        }
    }

    @Test
    void two_hundred_requests_at_once_share_pictures_and_other_requests_are_answered_meanwhile() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(200);
        try (RepeatedRequests others = RepeatedRequests.to(running.traffic, 2)) {
            long begin = System.nanoTime();
            long answered = others.answered();
            List<Future<String>> pictures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                pictures.add(clients.submit(() -> Arrays.toString(
                        get(running.traffic.getPort(), "/performancegraph").body())));
            }
            Set<String> different = new HashSet<>();
            for (Future<String> picture : pictures) {
                different.add(picture.get());
            }
            long seconds = (System.nanoTime() - begin) / 1_000_000_000L;
            RunningBalancer.await("others are answered", () -> others.answered() > answered);

            assertThat(different.size()).as("pictures in " + seconds + " s").isLessThanOrEqualTo((int) seconds + 2);
            assertThat(others.wrong()).isEmpty();
        } finally {
            clients.shutdownNow();
        }
    }

    private static String svg(RunningBalancer of) {
        try {
            return of.get("/performancegraph?format=svg").body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long requests(RunningBalancer of) {
        Matcher described = Pattern.compile("Server \\d: requests ([0-9,]+), successes ([0-9,]+), failures 0")
                .matcher(svg(of));
        long sum = 0;
        while (described.find()) {
            assertThat(described.group(1)).isEqualTo(described.group(2));
            sum += Long.parseLong(described.group(1).replace(",", ""));
        }
        return sum;
    }
}
