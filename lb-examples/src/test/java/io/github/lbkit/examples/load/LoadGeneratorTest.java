package io.github.lbkit.examples.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator against servers that refuse, reset, stall and lie: every request is counted once. */
class LoadGeneratorTest {
    private static final String BODY = "{\"message\":\"Hello from Server: S1\",\"status\":\"successful\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    private static final Duration LONG = Duration.ofSeconds(60);

    private static LoadPlan plan(InetSocketAddress address, long requests, int connections) {
        return new LoadPlan(
                address, "/home", requests, connections, new Pace.ClosedLoop(), LONG, Duration.ofDays(1), 1);
    }

    private static LoadResult run(ScriptedServer server, long requests, int connections) {
        return LoadGenerator.run(plan(server.address(), requests, connections), LoadObserver.NONE);
    }

    @Test
    void every_request_is_counted_by_the_server_that_its_body_names() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK))) {
            LoadResult result = run(server, 1000, 8);

            assertThat(result.servers()).isEqualTo(Map.of("S1", 1000L));
            assertThat(result.statuses()).isEqualTo(Map.of(200, 1000L));
            assertThat(result.failures()).isEmpty();
            assertThat(List.of(result.succeeded(), result.failed(), result.unnamed(), result.unfinished()))
                    .containsExactly(1000L, 0L, 0L, 0L);
            assertThat(result.latency().getTotalCount()).isEqualTo(1000);
            assertThat(server.accepted()).isEqualTo(8);
            assertThat(server.heads()).hasSize(1000).allMatch(h -> h.startsWith("GET /home HTTP/1.1\r\n"));
        }
    }

    @Test
    void the_same_seed_asks_by_the_same_keys() {
        List<List<String>> heads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK))) {
                run(server, 20, 1);
                heads.add(server.heads().stream()
                        .map(h -> h.replaceAll("(?s).*X-Request-Id: (\\w+).*", "$1"))
                        .toList());
            }
        }

        assertThat(heads.get(0)).isEqualTo(heads.get(1)).doesNotHaveDuplicates();
    }

    @Test
    void a_server_that_refuses_fails_every_request_as_a_connect() {
        try (ScriptedServer server = ScriptedServer.refusing()) {
            LoadResult result = run(server, 50, 4);

            assertThat(result.failures()).isEqualTo(Map.of(LoadFailure.CONNECT, 50L));
            assertThat(result.failed()).isEqualTo(50);
        }
    }

    @Test
    void resets_and_cuts_are_disconnects_and_the_next_request_gets_a_new_connection() {
        String cut = OK.substring(0, OK.length() - 5);
        try (ScriptedServer server = ScriptedServer.start(
                new ServerScript().expectHead().reset(),
                new ServerScript().expectHead().send(cut).close(),
                new ServerScript().expectHead().close(),
                ServerScript.answering(OK))) {
            LoadResult result = run(server, 10, 1);

            assertThat(result.failures()).isEqualTo(Map.of(LoadFailure.DISCONNECT, 3L));
            assertThat(result.succeeded()).isEqualTo(7);
            assertThat(server.accepted()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\nno field\r\n\r\n"
            })
    void an_answer_that_is_not_http_is_a_protocol_failure(String answer) {
        try (ScriptedServer server = ScriptedServer.start(
                new ServerScript().expectHead().send(answer).expectEnd(), ServerScript.answering(OK))) {
            LoadResult result = run(server, 3, 1);

            assertThat(result.failures()).isEqualTo(Map.of(LoadFailure.PROTOCOL, 1L));
            assertThat(result.succeeded()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nHello \r\nf;a=b\r\nfrom Server:"
                        + " S1\r\n0\r\nT: v\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nHello from server S1",
                "HTTP/1.1 200 OK\r\nContent-Length: 21\r\nConnection: close\r\n\r\nHello from Server: S1",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nHello from Server: S1",
                "HTTP/1.0 200 OK\r\nContent-Length: 21\r\n\r\nHello from Server: S1"
            })
    void every_framing_is_read_even_byte_by_byte(String answer) {
        ServerScript script = new ServerScript().expectHead().trickle(answer);
        boolean ends = answer.contains("close") || answer.contains("1.0");
        try (ScriptedServer server = ScriptedServer.start(ends ? script.close() : script.again())) {
            LoadResult result = run(server, 3, 1);

            assertThat(result.servers()).isEqualTo(Map.of("S1", 3L));
            assertThat(server.accepted()).isEqualTo(ends ? 3 : 1);
        }
    }

    @Test
    void responses_are_counted_by_status_and_as_unnamed_without_a_server() {
        try (ScriptedServer server = ScriptedServer.start(new ServerScript()
                .expectHead()
                .send("HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n")
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
                .expectHead()
                .send("HTTP/1.1 304 Same\r\nContent-Length: 7\r\n\r\n")
                .expectHead()
                .send("HTTP/1.1 404 Not Found\r\nContent-Length: 21\r\n\r\nHello from Server: S1")
                .again())) {
            LoadResult result = run(server, 8, 1);

            assertThat(result.statuses()).isEqualTo(Map.of(200, 2L, 304, 2L, 404, 2L, 503, 2L));
            assertThat(result.servers()).isEmpty();
            assertThat(List.of(result.unnamed(), result.succeeded(), result.failed()))
                    .containsExactly(2L, 4L, 4L);
        }
    }

    /** By a clock that the test moves, so that nothing else is late. */
    @Test
    void a_server_that_stalls_costs_a_timeout_and_no_more() {
        AtomicLong clock = new AtomicLong();
        CountDownLatch stalled = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                new ServerScript().expectHead().reached(stalled).stall(), ServerScript.answering(OK))) {
            LoadPlan patient = plan(server.address(), 5, 1);
            CompletableFuture<LoadResult> run =
                    CompletableFuture.supplyAsync(() -> LoadGenerator.run(patient, LoadObserver.NONE, clock::get));
            Await.inRealTime().until("the request has come", () -> stalled.getCount() == 0);

            clock.set(LONG.toNanos() - 1);
            assertThat(run).isNotDone();
            clock.set(LONG.toNanos());
            LoadResult result = Await.inRealTime().value(run);

            assertThat(result.failures()).isEqualTo(Map.of(LoadFailure.TIMEOUT, 1L));
            assertThat(result.succeeded()).isEqualTo(4);
        }
    }

    @Test
    void the_limit_ends_a_run_that_would_not_and_counts_what_is_left() {
        try (ScriptedServer server =
                ScriptedServer.start(new ServerScript().expectHead().stall())) {
            LoadPlan bounded = new LoadPlan(
                    server.address(), "/home", 100, 2, new Pace.ClosedLoop(), LONG, Duration.ofMillis(200), 1);

            LoadResult result = LoadGenerator.run(bounded, LoadObserver.NONE);

            assertThat(result.unfinished()).isEqualTo(100);
            assertThat(result.failed()).isEqualTo(100);
        }
    }

    /** By a clock that the test moves: the server stalls for one second of a run of 100 requests a second. */
    @Test
    void a_stall_counts_for_every_request_that_came_due_in_it() {
        AtomicLong clock = new AtomicLong();
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(new ServerScript()
                .expectHead()
                .send(OK)
                .expectHead()
                .reached(stalled)
                .await(gate)
                .send(OK)
                .again())) {
            LoadPlan open = new LoadPlan(
                    server.address(),
                    "/home",
                    111,
                    1,
                    new Pace.ConstantRate(100),
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    1);
            CompletableFuture<LoadResult> run =
                    CompletableFuture.supplyAsync(() -> LoadGenerator.run(open, LoadObserver.NONE, clock::get));
            Await.inRealTime().until("the first is answered and the second is due", () -> {
                clock.compareAndSet(
                        0, server.heads().isEmpty() ? 0 : Duration.ofMillis(10).toNanos());
                return stalled.getCount() == 0;
            });

            clock.set(Duration.ofMillis(1_110).toNanos());
            gate.countDown();
            LoadResult result = Await.inRealTime().value(run);

            // request k was due at 10·k ms and answered at 1,110 ms: 1,100, 1,090, … and 10 ms for the last
            assertThat(result.succeeded()).isEqualTo(111);
            assertThat(result.millisAt(100)).isBetween(1_099.0, 1_102.0);
            assertThat(result.latency()
                            .getCountBetweenValues(
                                    Duration.ofMillis(500).toNanos(),
                                    Duration.ofMillis(2_000).toNanos()))
                    .isBetween(60L, 61L);
            assertThat(result.millisAt(50)).isBetween(540.0, 570.0);
        }
    }

    @Test
    void an_observer_sees_each_end_once() {
        List<String> seen = new ArrayList<>();
        LoadObserver observer = new LoadObserver() {
            @Override
            public void answered(long atNanos, int status, Optional<String> server) {
                seen.add(status + " " + server.orElse("nobody"));
            }

            @Override
            public void failed(long atNanos, LoadFailure failure) {
                seen.add(failure.name());
            }
        };
        try (ScriptedServer server = ScriptedServer.start(
                new ServerScript().expectHead().send(OK).expectHead().reset(), ServerScript.answering(OK))) {
            var unused = LoadGenerator.run(plan(server.address(), 4, 1), observer);

            assertThat(seen).containsExactly("200 S1", "DISCONNECT", "200 S1", "200 S1");
        }
    }

    @Test
    void a_plan_that_makes_no_sense_is_refused() {
        InetSocketAddress address = InetSocketAddress.createUnresolved("x", 1);
        assertThatThrownBy(() -> plan(address, 0, 1)).hasMessageContaining("requests 0");
        assertThatThrownBy(() -> plan(address, 1, 0)).hasMessageContaining("connections 0");
        assertThatThrownBy(() -> new Pace.ConstantRate(0)).hasMessageContaining("rate 0");
        assertThatThrownBy(() -> LoadPlan.closedLoop(address, "home", 1, 1, 1)).hasMessageContaining("'home'");
    }
}
