package io.github.lbkit.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.NoServerException;
import io.github.lbkit.http.RequestKey;
import io.github.lbkit.http.client.TestClient.Answer;
import io.github.lbkit.http.client.TestClient.Ask;
import io.github.lbkit.http.client.TestClient.Options;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every balancing client does, classic or asynchronous. */
abstract class BalancedClientContract {
    static final ServerScript OK = ok("second");
    private static final ServerScript BUSY =
            ServerScript.answering("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    private static final ServerScript TOO_BUSY =
            ServerScript.answering("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 4\r\n\r\nbusy");
    private static final ServerScript TAKES_THREE = new ServerScript()
            .expectHead()
            .expect(3)
            .send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")
            .again();

    static ServerScript ok(String body) {
        return ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    abstract TestClient client(BalancedHttpClient.Builder balanced, Options options);

    TestClient client(BalancedHttpClient.Builder balanced) {
        return client(balanced, Options.NONE);
    }

    @Test
    void a_request_to_the_logical_name_goes_to_a_server_under_that_name() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(ok("first"));
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(fixture.builder())) {
            assertThat(client.get("http://ORDERS/a?b")).isEqualTo(new Answer(200, "first"));
            assertThat(first.heads().get(0))
                    .startsWith("GET /a?b HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nHost: orders\r\n");
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
            })
    void nothing_is_in_flight_any_more_when_the_caller_has_the_answer(String answer) throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        ServerScript script =
                new ServerScript().expectHead().await(asked).send(answer).again();
        for (Ask ask : List.of(Ask.get("http://orders/"), Ask.with("PATCH", "").once())) {
            try (ScriptedServer server = ScriptedServer.start(script);
                    BalancedFixture fixture = BalancedFixture.over(server);
                    TestClient client = client(fixture.builder())) {
                CompletableFuture<Integer> inFlight = client.begin(ask).thenApply(a -> fixture.inFlight());
                asked.countDown();

                Await.until("an answer to " + ask, inFlight::isDone);
                assertThat(inFlight).isCompletedWithValue(0);
            }
        }
    }

    @Test
    void the_host_field_names_the_server_where_that_is_wanted() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(ok("first"));
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(fixture.builder().serverHost(true))) {
            client.get("http://orders/");

            assertThat(first.heads().get(0)).contains("\r\nHost: 127.0.0.1:" + first.port() + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void a_request_of_which_nothing_was_sent_goes_on(String method) throws IOException {
        try (ScriptedServer refusing = ScriptedServer.refusing();
                ScriptedServer second = ScriptedServer.start(method.equals("GET") ? OK : TAKES_THREE);
                BalancedFixture fixture = BalancedFixture.over(refusing, second);
                TestClient client = client(fixture.builder())) {
            Ask ask = method.equals("GET")
                    ? Ask.get("http://orders/")
                    : Ask.with("POST", "abc").once();

            assertThat(client.send(ask).body()).isEqualTo("second");
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 2",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfirst"
            })
    void a_get_goes_on_where_a_short_response_is_cut(String part) throws IOException {
        ServerScript cut = new ServerScript().expectHead().send(part).reset();
        ServerScript ended = new ServerScript().expectHead().send(part).close();
        for (ServerScript script : List.of(cut, ended)) {
            try (ScriptedServer first = ScriptedServer.start(script);
                    ScriptedServer second = ScriptedServer.start(OK);
                    BalancedFixture fixture = BalancedFixture.over(first, second);
                    TestClient client = client(fixture.builder())) {
                assertThat(client.get("http://orders/").body()).isEqualTo("second");
                fixture.awaitOutcomes(
                        // the parsers of HttpCore disagree about a status line that ends in between
                        "s1 failed " + (fixture.outcomes.contains("s1 failed PROTOCOL") ? "PROTOCOL" : "DISCONNECT"),
                        "s2 succeeded");
            }
        }
    }

    @Test
    void a_put_is_sent_again_with_its_body() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(
                        new ServerScript().expectHead().expect(3).reset());
                ScriptedServer second = ScriptedServer.start(TAKES_THREE);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            assertThat(client.send(Ask.with("PUT", "abc")).body()).isEqualTo("second");
            assertThat(second.received()).endsWith("\r\n\r\nabc");
            fixture.awaitOutcomes("s1 failed DISCONNECT", "s2 succeeded");
        }
    }

    @Test
    void a_request_that_was_sent_and_is_not_repeatable_is_not_retried() {
        Ask post = Ask.with("POST", "abc");
        Ask put = Ask.with("PUT", "abc").once();
        for (Ask ask : List.of(post, put)) {
            try (ScriptedServer first = ScriptedServer.start(
                            new ServerScript().expectHead().expect(3).reset());
                    ScriptedServer second = ScriptedServer.start(TAKES_THREE);
                    BalancedFixture fixture = BalancedFixture.over(first, second);
                    TestClient client = client(fixture.builder())) {
                assertThatThrownBy(() -> client.send(ask)).isInstanceOf(IOException.class);
                assertThat(second.accepted()).isZero();
                fixture.awaitOutcomes("s1 failed DISCONNECT");
            }
        }
    }

    @Test
    void a_get_goes_on_where_the_first_server_stalls() throws IOException {
        getGoesOn(
                new Options(300, List.of(), TestCertificates.NONE),
                new ServerScript().expectHead().stall(),
                "s1 failed TIMEOUT");
    }

    /** What a server sends before it falls silent. */
    static List<Arguments> silences() {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return List.of(
                Arguments.of("GET", "", "s1 failed TIMEOUT, s2 succeeded"),
                Arguments.of("GET", "HTTP/1.1 200 OK\r\nX-Half", "s1 failed TIMEOUT, s2 succeeded"),
                Arguments.of("GET", "HTTP/1.1 103 Early Hints\r\n\r\n", "s1 failed TIMEOUT, s2 succeeded"),
                Arguments.of(
                        "GET", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir", "s1 failed TIMEOUT, s2 succeeded"),
                Arguments.of(
                        "GET", "HTTP/1.1 503 Busy\r\nContent-Length: 6\r\n\r\nfir", "s1 failed STATUS, s2 succeeded"),
                Arguments.of(
                        "GET",
                        "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=r\r\nContent-Length: 6\r\n\r\nfir",
                        "s1 failed TIMEOUT, s2 succeeded"),
                Arguments.of("GET", chunked, "s1 failed TIMEOUT"),
                Arguments.of("GET", chunked + "3\r\nabc\r\n", "s1 failed TIMEOUT"),
                Arguments.of("POST", "", "s1 failed TIMEOUT"),
                Arguments.of("POST", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir", "s1 failed TIMEOUT"),
                Arguments.of("POST", "HTTP/1.1 503 Busy\r\nContent-Length: 6\r\n\r\nfir", "s1 failed STATUS"));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("silences")
    void a_server_that_falls_silent_is_left_after_30_seconds_by_default(String method, String sent, String outcomes) {
        silentIsLeft(method, sent, outcomes, Duration.ofSeconds(30), Options.UNLIMITED, b -> b);
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("silences")
    void a_chosen_response_timeout_holds_beside_a_longer_timeout_of_http_client(
            String method, String sent, String outcomes) {
        silentIsLeft(
                method,
                sent,
                outcomes,
                Duration.ofHours(1),
                new Options(7_200_000),
                b -> b.responseTimeout(Duration.ofHours(1)));
    }

    /** The time is the test's own: it is only moved on when the request waits. */
    private void silentIsLeft(
            String method,
            String sent,
            String outcomes,
            Duration limit,
            Options options,
            UnaryOperator<BalancedHttpClient.Builder> settings) {
        ManualScheduler clock = new ManualScheduler();
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch silent = new CountDownLatch(1);
        ServerScript mute = new ServerScript().expectHead().await(gate);
        mute = (method.equals("POST") ? mute.expect(3) : mute).send(sent).reached(silent);
        try (ScriptedServer first = ScriptedServer.start(mute.stall());
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(b -> b.runtimes(name -> clock), first, second);
                TestClient client = client(settings.apply(fixture.builder()), options)) {
            CompletableFuture<Answer> answer =
                    client.begin(method.equals("POST") ? Ask.with("POST", "abc") : Ask.get("http://orders/"));
            first.awaitHeads(1);
            clock.advance(Duration.ofMillis(1));
            gate.countDown();
            Await.until("the silence", () -> silent.getCount() == 0);
            if (sent.matches("(?s)HTTP/1.1 (200|503).*\r\n\r\n.*")) {
                Await.until("the head", () -> fixture.balancer.servers().get(0).latencyNanos() > 0);
            }
            clock.advance(limit.minusMillis(2));
            assertThat(second.accepted()).isZero();
            assertThat(answer).isNotDone();

            Await.until("the end of the wait", () -> {
                boolean endsWithItsHead = sent.contains(" 503 ");
                if (endsWithItsHead || fixture.outcomes.isEmpty()) { // the second server's limit must not pass, too
                    clock.advance(limit.dividedBy(10)); // what has come may be read only now
                }
                return answer.isDone();
            });

            fixture.awaitOutcomes(outcomes.split(", "));
            if (outcomes.endsWith("s2 succeeded")) {
                assertThat(answer.join()).isEqualTo(new Answer(200, "second"));
            } else {
                assertThatThrownBy(answer::join)
                        .hasCauseInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("s1")
                        .hasMessageContaining("responseTimeout of " + limit);
            }
        }
    }

    @Test
    void the_default_response_timeout_yields_to_a_longer_timeout_that_http_client_was_given() {
        for (Options patient : List.of(new Options(3_600_000), Options.UNLIMITED.socketTimeout(3_600_000))) {
            ManualScheduler clock = new ManualScheduler();
            CountDownLatch gate = new CountDownLatch(1);
            ServerScript slow = new ServerScript()
                    .expectHead()
                    .await(gate)
                    .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                    .expectEnd();
            try (ScriptedServer first = ScriptedServer.start(slow);
                    BalancedFixture fixture = BalancedFixture.over(b -> b.runtimes(name -> clock), first);
                    TestClient client = client(fixture.builder(), patient)) {
                CompletableFuture<Answer> answer = client.begin(Ask.get("http://orders/"));
                first.awaitHeads(1);

                clock.advance(Duration.ofMinutes(59));
                gate.countDown();

                assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(new Answer(200, "first"));
                fixture.awaitOutcomes("s1 succeeded");
            }
        }
    }

    @Test
    void a_shorter_timeout_that_http_client_was_given_holds_beside_the_response_timeout() throws IOException {
        for (Options hasty : List.of(new Options(200), Options.UNLIMITED.socketTimeout(200))) {
            getGoesOn(hasty, new ServerScript().expectHead().stall(), "s1 failed TIMEOUT");
        }
    }

    @Test
    void an_upload_may_take_longer_than_the_response_timeout_while_it_makes_progress() {
        ManualScheduler clock = new ManualScheduler();
        int parts = 40;
        int part = 1 << 20;
        CountDownLatch[] gates = new CountDownLatch[parts];
        ServerScript slow = new ServerScript().expectHead();
        for (int i = 0; i < parts; i++) {
            gates[i] = new CountDownLatch(1);
            slow = slow.await(gates[i]).expect(part);
        }
        try (ScriptedServer first = ScriptedServer.start(slow.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                BalancedFixture fixture = BalancedFixture.over(b -> b.runtimes(name -> clock), first);
                TestClient client = client(fixture.builder(), Options.UNLIMITED)) {
            CompletableFuture<Answer> answer = client.begin(Ask.with("POST", "a".repeat(parts * part)));
            first.awaitHeads(1);
            for (int i = 0; i < parts; i++) {
                long received = (long) i * part;
                first.awaitReceived((int) received);
                clock.advance(Duration.ofSeconds(i < parts / 2 ? 5 : 0)); // what the kernel holds is no progress to see
                gates[i].countDown();
            }

            assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(new Answer(200, "ok"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT8760H0.000000001S"})
    void a_response_timeout_out_of_range_is_refused(Duration value) {
        assertThatThrownBy(() -> BalancedHttpClient.builder().responseTimeout(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("responseTimeout " + value + " is not positive and at most 365 days");
    }

    @Test
    void a_get_goes_on_where_the_first_server_breaks_the_protocol() throws IOException {
        getGoesOn(
                Options.NONE,
                new ServerScript().expectHead().send("HTTP/1.1 200 OK\r\nContent-Length: six\r\n\r\nfirst!"),
                "s1 failed PROTOCOL");
    }

    @Test
    void a_status_that_says_failure_sends_a_get_on() throws IOException {
        getGoesOn(Options.NONE, BUSY, "s1 failed STATUS");
    }

    @Test
    void a_server_that_says_when_to_come_back_has_too_much_to_do_and_has_not_failed() throws IOException {
        getGoesOn(Options.NONE, TOO_BUSY, "s1 failed OVERLOADED");
    }

    /** A GET to which the first server answers by this gets the second one's answer. */
    private void getGoesOn(Options options, ServerScript first, String outcome) throws IOException {
        try (ScriptedServer failing = ScriptedServer.start(first);
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(failing, second);
                TestClient client = client(fixture.builder(), options)) {
            assertThat(client.get("http://orders/").body()).isEqualTo("second");
            fixture.awaitOutcomes(outcome, "s2 succeeded");
        }
    }

    @Test
    void the_last_failing_response_is_the_callers_and_http_clients_own_retry_stays_out() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(BUSY);
                ScriptedServer second = ScriptedServer.start(BUSY);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            assertThat(client.get("http://orders/")).isEqualTo(new Answer(503, "busy"));
            assertThat(first.heads()).hasSize(1);
            assertThat(second.heads()).hasSize(1);
            fixture.awaitOutcomes("s1 failed STATUS", "s2 failed STATUS");
        }
    }

    @ParameterizedTest
    @CsvSource({"STATUS, X-Next: 1", "OVERLOADED, Retry-After: 1"})
    void a_status_that_says_failure_is_the_callers_if_the_request_cannot_be_repeated(String failure, String field)
            throws IOException {
        ServerScript busy = new ServerScript()
                .expectHead()
                .expect(3)
                .send("HTTP/1.1 503 Busy\r\n" + field + "\r\nContent-Length: 4\r\n\r\nbusy")
                .again();
        try (ScriptedServer first = ScriptedServer.start(busy);
                ScriptedServer second = ScriptedServer.start(TAKES_THREE);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            assertThat(client.send(Ask.with("POST", "abc").once())).isEqualTo(new Answer(503, "busy"));
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 failed " + failure);
        }
    }

    @Test
    void a_long_response_that_is_cut_is_seen_as_cut() {
        ServerScript cut = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                .close();
        try (ScriptedServer first = ScriptedServer.start(cut);
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            assertThatThrownBy(() -> client.get("http://orders/")).isInstanceOf(IOException.class);
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 failed DISCONNECT");
        }
    }

    /** Methods and responses of every framing; bodies above the length that is held, and none. */
    static List<Arguments> completeResponses() {
        String large = "b".repeat(40_000);
        String ok = "HTTP/1.1 200 OK\r\n";
        String sized = "Content-Length: " + large.length() + "\r\n\r\n" + large;
        String chunked = "Transfer-Encoding: chunked\r\n\r\n9c40\r\n" + large + "\r\n0\r\n\r\n";
        List<Arguments> responses = new ArrayList<>();
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
            for (String response : List.of(
                    ok + "Content-Length: 0\r\n\r\n",
                    ok + "Content-Length: 5\r\n\r\nfirst",
                    ok + sized,
                    ok + chunked,
                    "HTTP/1.1 204 No Content\r\n\r\n",
                    "HTTP/1.1 304 Not Modified\r\nContent-Length: 17\r\n\r\n",
                    "HTTP/1.1 404 Not Found\r\n" + sized)) {
                responses.add(Arguments.of(method, response));
            }
        }
        responses.add(Arguments.of("HEAD", ok + "Content-Length: 40000\r\n\r\n"));
        responses.add(Arguments.of("HEAD", ok + "Transfer-Encoding: chunked\r\n\r\n"));
        return responses;
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("completeResponses")
    void a_response_that_was_read_to_its_end_is_a_success(String method, String response) throws IOException {
        boolean sends = List.of("POST", "PUT", "PATCH").contains(method);
        ServerScript request = new ServerScript().expectHead();
        ServerScript script =
                (sends ? request.expect(3) : request).send(response).again();
        try (ScriptedServer first = ScriptedServer.start(script);
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(fixture.builder())) {
            client.send(Ask.with(method, sends ? "abc" : ""));
            fixture.awaitOutcomes("s1 succeeded");
            Await.until("the connection is given back", () -> client.leased() == 0);
            client.send(Ask.with(method, sends ? "abc" : ""));

            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded");
            if (!response.startsWith("HTTP/1.1 404")) { // by which HttpClient may end the request's body early
                assertThat(first.accepted()).as("connections").isEqualTo(1);
            }
        }
    }

    @Test
    void a_status_that_says_failure_counts_though_the_caller_gives_up_its_body() {
        ServerScript busy = new ServerScript()
                .expectHead()
                .expect(3)
                .send("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                .expectEnd();
        try (ScriptedServer first = ScriptedServer.start(busy);
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(fixture.builder())) {
            client.cancelAfter(Ask.with("POST", "abc"), () -> fixture.awaitOutcomes("s1 failed STATUS"));

            fixture.awaitOutcomes("s1 failed STATUS");
        }
    }

    @Test
    void a_server_that_always_fails_by_its_status_is_ejected_by_posts_too() throws IOException {
        ServerScript busy = new ServerScript()
                .expectHead()
                .expect(3)
                .send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy")
                .again();
        try (ScriptedServer first = ScriptedServer.start(busy);
                ScriptedServer second = ScriptedServer.start(TAKES_THREE);
                BalancedFixture fixture = BalancedFixture.over(b -> b.ejection(Ejection.DEFAULTS), first, second);
                TestClient client = client(fixture.builder())) {
            int asked = 0;
            while (client.send(Ask.with("POST", "abc")).status() == 503) {
                asked++;
                assertThat(asked).as("answers of the failing server").isLessThan(100);
            }

            for (int i = 0; i < 30; i++) {
                assertThat(client.send(Ask.with("POST", "abc")).body()).isEqualTo("second");
            }
            assertThat(first.heads()).hasSize(asked);
        }
    }

    @Test
    void where_every_server_refuses_the_caller_gets_the_refusals() {
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer second = ScriptedServer.refusing();
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            assertThatThrownBy(() -> client.get("http://orders/"))
                    .isInstanceOf(ConnectException.class)
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 failed CONNECT");
        }
    }

    @Test
    void without_a_server_the_caller_learns_why() {
        try (BalancedFixture fixture = BalancedFixture.over();
                TestClient client = client(fixture.builder())) {
            assertThatThrownBy(() -> client.get("http://orders/"))
                    .isInstanceOfSatisfying(
                            NoServerException.class, e -> assertThat(e.reason()).isEqualTo(NoServer.Reason.POOL_EMPTY))
                    .hasMessageContaining("orders");
        }
    }

    @Test
    void attempts_and_retries_are_the_balancers_to_bound() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(BUSY);
                ScriptedServer second = ScriptedServer.start(BUSY);
                ScriptedServer third = ScriptedServer.start(OK);
                BalancedFixture two = BalancedFixture.over(b -> b.maxAttempts(2), first, second, third);
                BalancedFixture none = BalancedFixture.over(b -> b.retryBudget(new RetryBudget(0, 0)), first, third);
                TestClient client = client(two.builder());
                TestClient other = client(none.builder())) {
            assertThat(client.get("http://orders/").status()).isEqualTo(503);
            assertThat(other.get("http://orders/").status()).isEqualTo(503);
            assertThat(third.accepted()).isZero();
        }
    }

    @Test
    void an_idle_connection_that_has_ended_is_no_failure_of_its_server() throws IOException {
        ServerScript once = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                .expectHead()
                .close();
        try (ScriptedServer first = ScriptedServer.start(once, ok("again"));
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(fixture.builder())) {
            assertThat(client.get("http://orders/").body()).isEqualTo("first");
            assertThat(client.get("http://orders/").body()).isEqualTo("again");
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void a_post_on_a_connection_that_has_ended_is_not_repeated_and_says_nothing_about_the_server() throws IOException {
        ServerScript once = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                .expectHead()
                .expect(3)
                .close();
        try (ScriptedServer first = ScriptedServer.start(once, TAKES_THREE);
                ScriptedServer second = ScriptedServer.start(TAKES_THREE);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            client.get("http://orders/");

            assertThatThrownBy(() -> client.send(Ask.with("POST", "abc"))).isInstanceOf(IOException.class);
            assertThat(first.accepted()).isEqualTo(1);
            fixture.awaitOutcomes("s1 succeeded", "s1 abandoned");
        }
    }

    @Test
    void a_request_is_in_flight_until_its_response_is_complete() {
        CountDownLatch gate = new CountDownLatch(1);
        ServerScript slow = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                .await(gate)
                .send("0\r\n\r\n")
                .expectEnd();
        try (ScriptedServer first = ScriptedServer.start(slow);
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(fixture.builder())) {
            CompletableFuture<Answer> answer = client.begin(Ask.get("http://orders/"));
            Await.until(
                    "the head has come", () -> fixture.balancer.servers().get(0).latencyNanos() > 0);
            assertThat(fixture.inFlight()).isEqualTo(1);
            assertThat(fixture.outcomes).isEmpty();

            gate.countDown();

            Await.until("the answer", answer::isDone);
            assertThat(answer.join().body()).isEqualTo("abc");
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void an_exchange_that_the_caller_cancels_does_not_count_against_the_server() {
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().stall());
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            client.cancelAfter(Ask.get("http://orders/"), () -> first.awaitHeads(1));

            fixture.awaitOutcomes("s1 abandoned");
            assertThat(second.accepted()).isZero();
        }
    }

    @Test
    void idle_connections_to_a_server_that_leaves_are_closed_and_others_are_kept() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(ok("first"));
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            client.get("http://orders/");
            fixture.pool.set(fixture.pool.server("s2"), fixture.pool.server("s1"));
            client.get("http://orders/");
            assertThat(first.open()).isEqualTo(1);

            fixture.pool.set(fixture.pool.server("s2"));

            first.awaitEnded(1);
            client.get("http://orders/");
            client.get("http://orders/");
            assertThat(second.accepted()).isEqualTo(1);
            assertThat(second.open()).isEqualTo(1);
        }
    }

    @Test
    void a_drained_server_finishes_what_it_has_and_its_connection_is_closed() {
        CountDownLatch gate = new CountDownLatch(1);
        ServerScript slow = new ServerScript()
                .expectHead()
                .await(gate)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                .expectEnd();
        try (ScriptedServer first = ScriptedServer.start(slow);
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            CompletableFuture<Answer> answer = client.begin(Ask.get("http://orders/"));
            first.awaitHeads(1);
            CompletableFuture<DrainResult> drained = fixture.pool.release("s1", Duration.ofSeconds(60));
            assertThat(client.begin(Ask.get("http://orders/")))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(new Answer(200, "second"));
            assertThat(drained).isNotDone();

            gate.countDown();

            assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(new Answer(200, "first"));
            assertThat(drained).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(new DrainResult(1, 0));
            first.awaitEnded(1);
        }
    }

    @Test
    void requests_that_can_be_repeated_leave_a_server_that_is_lost_at_once() {
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().stall());
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            CompletableFuture<Answer> answer = client.begin(Ask.get("http://orders/"));
            first.awaitHeads(1);

            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.DOWN));

            assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(new Answer(200, "second"));
            fixture.awaitOutcomes("s1 abandoned", "s2 succeeded");
        }
    }

    @Test
    void a_post_stays_with_a_server_that_is_lost() {
        CountDownLatch gate = new CountDownLatch(1);
        ServerScript slow = new ServerScript()
                .expectHead()
                .expect(3)
                .await(gate)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                .expectEnd();
        try (ScriptedServer first = ScriptedServer.start(slow);
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            CompletableFuture<Answer> answer = client.begin(Ask.with("POST", "abc"));
            first.awaitReceived(3);
            first.awaitHeads(1);
            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.DOWN));

            gate.countDown();

            assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(new Answer(200, "first"));
            first.awaitEnded(1);
        }
    }

    @Test
    void a_redirect_is_a_request_of_its_own() throws IOException {
        try (ScriptedServer elsewhere = ScriptedServer.start(ok("elsewhere"));
                ScriptedServer first = ScriptedServer.start(new ServerScript()
                        .expectHead()
                        .send("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")
                        .expectHead()
                        .send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:"
                                + elsewhere.port() + "/there\r\n\r\n")
                        .expectEnd());
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(fixture.builder())) {
            assertThat(client.get("http://orders/").body()).isEqualTo("elsewhere");
            assertThat(first.heads().get(1)).startsWith("GET /next HTTP/1.1\r\n");
            assertThat(elsewhere.heads().get(0)).startsWith("GET /there HTTP/1.1\r\n");
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void a_redirect_within_the_name_may_go_to_another_server() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(
                        ServerScript.answering("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"));
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture redirects = BalancedFixture.over(first)) {
            RequestKey sends = request -> {
                if (request.getPath().equals("/next")) {
                    redirects.pool.set(FixedPool.server("s2", 1, "127.0.0.1", second.port()));
                }
                return Key.none();
            };
            try (TestClient client =
                    client(BalancedHttpClient.builder().balance("orders", redirects.balancer, sends))) {
                assertThat(client.get("http://orders/").body()).isEqualTo("second");
                redirects.awaitOutcomes("s1 succeeded", "s2 succeeded");
            }
        }
    }

    @Test
    void a_challenge_is_answered_to_the_server_that_made_it() throws IOException {
        ServerScript challenging = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 401 Who?\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n")
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                .expectEnd();
        try (ScriptedServer first = ScriptedServer.start(challenging);
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            assertThat(client.get("http://orders/").body()).isEqualTo("first");
            assertThat(first.heads().get(1)).contains("\r\nAuthorization: Basic ");
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void over_tls_the_certificate_must_be_valid_for_the_logical_name_or_the_servers_own(@TempDir Path directory)
            throws IOException {
        TestCertificates orders = TestCertificates.of("orders.test", directory);
        Options trusting = new Options(20_000, List.of(), orders);
        try (TlsServer server = TlsServer.start(orders);
                BalancedFixture fixture = BalancedFixture.over();
                TestClient client = client(
                        fixture.builder()
                                .balance("orders.test", fixture.balancer)
                                .balance("bills", fixture.balancer),
                        trusting)) {
            fixture.pool.set(FixedPool.server("s1", 1, "127.0.0.1", server.port()));
            assertThat(client.get("https://orders.test/").body()).isEqualTo("over TLS");
            assertThat(server.askedFor()).containsExactly("orders.test");
            assertThatThrownBy(() -> client.get("https://bills/")).isInstanceOf(SSLException.class);

            Map<String, String> sni = Map.of(Address.SNI, "orders.test", Address.SCHEME, "https");
            Instance named = new Instance("s1", new Address("127.0.0.1", server.port(), sni), 2);
            fixture.pool.set(Server.ready("s1", named));
            assertThat(client.get("https://bills/").body()).isEqualTo("over TLS");
            assertThat(client.get("http://bills/").body()).isEqualTo("over TLS");
        }
    }

    @Test
    void a_client_that_is_dropped_is_not_kept_by_its_balancer() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(ok("first"));
                BalancedFixture fixture = BalancedFixture.over(first)) {
            WeakReference<TestClient> dropped = new WeakReference<>(used(fixture));

            Await.until("the client is collected", () -> {
                System.gc();
                return dropped.refersTo(null);
            });
        }
    }

    private TestClient used(BalancedFixture fixture) throws IOException {
        TestClient client = client(fixture.builder());
        client.get("http://orders/");
        client.close();
        return client;
    }

    @Test
    void cookies_belong_to_the_logical_name() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(ServerScript.answering(
                        "HTTP/1.1 200 OK\r\nSet-Cookie: session=17\r\nContent-Length: 0\r\n\r\n"));
                ScriptedServer second = ScriptedServer.start(OK);
                BalancedFixture fixture = BalancedFixture.over(first, second);
                TestClient client = client(fixture.builder())) {
            client.get("http://orders/");
            fixture.pool.set(fixture.pool.server("s2"));

            client.get("http://orders/");

            assertThat(second.heads().get(0)).contains("\r\nCookie: session=17\r\n");
        }
    }

    @Test
    void names_have_balancers_of_their_own_and_other_hosts_none() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(ok("first"));
                ScriptedServer second = ScriptedServer.start(OK);
                ScriptedServer ordinary = ScriptedServer.start(new ServerScript()
                        .expectHead()
                        .send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
                        .expectHead()
                        .send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nordinary")
                        .expectEnd());
                BalancedFixture orders = BalancedFixture.over(first);
                BalancedFixture bills = BalancedFixture.over(second);
                TestClient client = client(orders.builder().balance("bills:8080", bills.balancer))) {
            assertThat(client.get("http://orders/").body()).isEqualTo("first");
            assertThat(client.get("http://bills:8080/").body()).isEqualTo("second");
            assertThat(client.get("http://127.0.0.1:" + ordinary.port() + "/").body())
                    .as("HttpClient's own retry")
                    .isEqualTo("ordinary");
        }
    }

    @Test
    void the_key_is_what_the_request_says() throws IOException {
        List<String> keys = Collections.synchronizedList(new ArrayList<>());
        try (ScriptedServer first = ScriptedServer.start(ok("first"));
                BalancedFixture fixture = BalancedFixture.over(first)) {
            for (RequestKey key : List.of(RequestKey.path(), RequestKey.header("X-User"), RequestKey.none())) {
                RequestKey noting = request -> {
                    Key chosen = key.key(request);
                    keys.add(chosen.toString());
                    return chosen;
                };
                try (TestClient client =
                        client(BalancedHttpClient.builder().balance("orders", fixture.balancer, noting))) {
                    client.send(Ask.get("http://orders/a/b?c=d").header("X-User", "u17"));
                }
            }
        }
        assertThat(keys).containsExactly("'/a/b'", "'u17'", "none");
    }

    @Test
    void through_a_plain_proxy_the_request_names_the_server() throws IOException {
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer proxy = ScriptedServer.start(ok("by proxy"));
                BalancedFixture fixture = BalancedFixture.over(first);
                TestClient client = client(
                        fixture.builder(),
                        new Options(20_000, List.of("127.0.0.1:" + proxy.port()), TestCertificates.NONE))) {
            assertThat(client.get("http://orders/a").body()).isEqualTo("by proxy");
            assertThat(proxy.heads().get(0)).startsWith("GET http://127.0.0.1:" + first.port() + "/a HTTP/1.1\r\n");
        }
    }
}
