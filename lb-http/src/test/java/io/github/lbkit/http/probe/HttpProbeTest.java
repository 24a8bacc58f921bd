package io.github.lbkit.http.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpProbeTest {
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfine\n";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeEverything() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
            one.close();
        }
    }

    private HttpProbe probe(HttpProbe.Builder builder) {
        HttpProbe probe = builder.build(Runtimes.system());
        open.add(0, probe);
        return probe;
    }

    private ScriptedServer server(ServerScript... scripts) {
        ScriptedServer server = ScriptedServer.start(scripts);
        open.add(server);
        return server;
    }

    private static ProbeResult ask(HttpProbe probe, Address address, Duration timeout) throws Exception {
        CompletableFuture<ProbeResult> result =
                probe.probe(new Instance("i", address, 1), timeout).toCompletableFuture();
        return result.get(20, TimeUnit.SECONDS);
    }

    private static ProbeResult ask(HttpProbe probe, ScriptedServer server, Duration timeout) throws Exception {
        return ask(probe, Address.of("127.0.0.1", server.port()), timeout);
    }

    private static HttpProbe.Builder health() {
        return HttpProbe.path("/health?full=1");
    }

    @Test
    void a_status_of_the_expected_range_passes() throws Exception {
        ScriptedServer server = server(ServerScript.answering(OK));

        assertThat(ask(probe(health()), server, LONG)).isEqualTo(ProbeResult.PASSED);
    }

    @Test
    void the_request_is_what_was_asked_for_and_says_that_the_connection_ends() throws Exception {
        ScriptedServer server = server(ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n"));

        HttpProbe probe = probe(health().method("OPTIONS")
                .host("shop.example:81")
                .header("X-Probe", "yes")
                .status(204, 204));
        assertThat(ask(probe, server, LONG).passed()).isTrue();

        assertThat(server.heads()).hasSize(1);
        assertThat(server.heads().get(0))
                .startsWith("OPTIONS /health?full=1 HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: shop.example:81\r\n")
                .containsIgnoringCase("\r\nx-probe: yes\r\n")
                .containsIgnoringCase("\r\nconnection: close\r\n")
                .doesNotContainIgnoringCase("accept-encoding")
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("content-length");
    }

    @Test
    void the_host_is_the_address_unless_given() throws Exception {
        ScriptedServer server = server(ServerScript.answering(OK));

        ask(probe(health()), server, LONG);

        assertThat(server.heads().get(0)).containsIgnoringCase("\r\nhost: 127.0.0.1:" + server.port() + "\r\n");
    }

    @Test
    void an_address_may_name_a_path_of_its_own() throws Exception {
        ScriptedServer server = server(ServerScript.answering(OK));
        HttpProbe probe = probe(health());

        for (String path : List.of("/own?x=1", "not a path")) {
            Address address = new Address("127.0.0.1", server.port(), Map.of(Address.PROBE, path));
            assertThat(ask(probe, address, LONG)).isEqualTo(ProbeResult.PASSED);
        }

        assertThat(server.heads().get(0)).startsWith("GET /own?x=1 HTTP/1.1\r\n");
        assertThat(server.heads().get(1)).startsWith("GET /health?full=1 HTTP/1.1\r\n");
    }

    @Test
    void another_status_fails_and_says_which() throws Exception {
        ScriptedServer server =
                server(ServerScript.answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"));

        ProbeResult result = ask(probe(health()), server, LONG);

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).contains("/health?full=1").endsWith("status 503 instead of 200 to 299");
    }

    @Test
    void an_error_status_is_not_asked_again() throws Exception {
        ScriptedServer server = server(ServerScript.answering(
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"));

        ask(probe(health()), server, LONG);
        server.awaitEnded(1);

        assertThat(server.heads()).hasSize(1);
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        ScriptedServer server =
                server(ServerScript.answering("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"));

        assertThat(ask(probe(health()), server, LONG).detail()).contains("status 302");
        assertThat(ask(probe(health().status(300, 399)), server, LONG).passed()).isTrue();
        assertThat(server.heads()).hasSize(2).allMatch(head -> head.startsWith("GET /health"));
    }

    @Test
    void cookies_are_not_kept_and_connections_not_reused() throws Exception {
        ScriptedServer server =
                server(ServerScript.answering("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"));
        HttpProbe probe = probe(health());

        ask(probe, server, LONG);
        ask(probe, server, LONG);

        assertThat(server.accepted()).isEqualTo(2);
        assertThat(server.heads())
                .noneMatch(head -> head.toLowerCase(java.util.Locale.ROOT).contains("cookie"));
    }

    @Test
    void a_body_that_matches_passes_and_another_fails() throws Exception {
        ScriptedServer server = server(ServerScript.answering(OK));

        assertThat(ask(probe(health().body("^f.n$")), server, LONG).passed()).isFalse();
        assertThat(ask(probe(health().body("(?m)^f.ne$")), server, LONG).passed())
                .isTrue();
        assertThat(ask(probe(health().body("broken")), server, LONG).detail())
                .contains("first 5 bytes do not match 'broken'");
    }

    @Test
    void only_the_beginning_of_a_body_is_read_even_if_it_never_ends() throws Exception {
        ScriptedServer server = server(new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\n\r\n")
                .sendRepeatedly("all is well ".getBytes(StandardCharsets.US_ASCII), 1_000)
                .stall());

        assertThat(ask(probe(health().body("is well").bodyLimit(1_000)), server, LONG)
                        .passed())
                .isTrue();
        assertThat(ask(probe(health().body("not well").bodyLimit(1_000)), server, LONG)
                        .detail())
                .contains("first 1000 bytes");
    }

    @Test
    void a_status_is_enough_when_the_body_does_not_matter() throws Exception {
        ScriptedServer server = server(new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                .stall());

        assertThat(ask(probe(health()), server, LONG).passed()).isTrue();
    }

    @Test
    void a_compressed_body_is_compared_without_decompression() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("fine".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ScriptedServer server = server(new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n")
                .send(packed.toByteArray()));

        assertThat(ask(probe(health().body("fine")), server, LONG).passed()).isFalse();
    }

    @Test
    void a_silent_server_fails_at_the_deadline_and_its_connection_ends() throws Exception {
        ScriptedServer server = server(new ServerScript().expectHead().expectEnd());

        ProbeResult result = ask(probe(health()), server, SHORT);

        assertThat(result.detail()).startsWith("no answer from").endsWith("within " + SHORT.toMillis() + " ms");
        server.awaitEnded(1);
    }

    @Test
    void every_connection_ends_at_whichever_moment_the_deadline_comes() throws Exception {
        ScriptedServer server = server(new ServerScript().expectHead().expectEnd());
        HttpProbe probe = probe(health());

        List<CompletableFuture<ProbeResult>> results = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            Instance instance = new Instance("i", Address.of("127.0.0.1", server.port()), 1);
            results.add(probe.probe(instance, Duration.ofNanos(i * 100_000L)).toCompletableFuture());
        }
        for (CompletableFuture<ProbeResult> result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS).passed()).isFalse();
        }

        Await.until("no connection is open", () -> server.open() == 0);
    }

    @Test
    void the_deadline_holds_in_total_however_slowly_bytes_come() throws Exception {
        ScriptedServer server = server(
                new ServerScript().expectHead().send("HTTP/1.1 200 OK\r\n").stall());

        assertThat(ask(probe(health()), server, SHORT).detail()).contains("within " + SHORT.toMillis() + " ms");
    }

    @Test
    void an_interim_response_is_not_the_answer() throws Exception {
        ScriptedServer server = server(ServerScript.answering("HTTP/1.1 103 Early Hints\r\n\r\n" + OK));

        assertThat(ask(probe(health()), server, LONG).passed()).isTrue();
    }

    @Test
    void a_server_that_refuses_resets_or_speaks_another_protocol_fails() throws Exception {
        ScriptedServer refusing = ScriptedServer.refusing();
        open.add(refusing);
        HttpProbe probe = probe(health());

        assertThat(ask(probe, refusing, LONG).detail()).contains("127.0.0.1:" + refusing.port());
        assertThat(ask(probe, server(new ServerScript().expectHead().reset()), LONG)
                        .passed())
                .isFalse();
        assertThat(ask(probe, server(new ServerScript().expectHead().close()), LONG)
                        .passed())
                .isFalse();
        assertThat(ask(
                                probe,
                                server(new ServerScript()
                                        .expectHead()
                                        .send("SSH-2.0-x\r\n\r\n")
                                        .close()),
                                LONG)
                        .passed())
                .isFalse();
        assertThat(ask(probe, Address.of("no-such-host.invalid", 1), LONG).detail())
                .contains("no-such-host.invalid");
    }

    @Test
    void an_address_of_scheme_https_is_asked_over_tls() throws Exception {
        ScriptedServer server = server(new ServerScript().expect(1).close());

        ProbeResult result =
                ask(probe(health()), new Address("127.0.0.1", server.port(), Map.of(Address.SCHEME, "https")), LONG);

        assertThat(result.passed()).isFalse();
        assertThat(server.received()).as("a TLS handshake record").isEqualTo("\u0016");
    }

    @Test
    void many_probes_are_under_way_at_once() throws Exception {
        ScriptedServer server = server(new ServerScript().expectHead().stall());
        HttpProbe probe = probe(health());

        for (int i = 0; i < 100; i++) {
            var unused = probe.probe(new Instance("i", Address.of("127.0.0.1", server.port()), 1), LONG);
        }

        server.awaitHeads(100);
    }

    @Test
    void settings_that_make_no_sense_are_refused_by_name() {
        assertThatThrownBy(() -> HttpProbe.path("health")).hasMessageContaining("probe path 'health'");
        assertThatThrownBy(() -> health().method("GE T")).hasMessageContaining("probe method 'GE T'");
        assertThatThrownBy(() -> health().host("a/b")).hasMessageContaining("probe host 'a/b'");
        assertThatThrownBy(() -> health().header("Content-Length", "1")).hasMessageContaining("'Content-Length'");
        assertThatThrownBy(() -> health().header("X", "a\r\nY: b")).hasMessageContaining("probe header 'X'");
        assertThatThrownBy(() -> health().status(100, 200)).hasMessageContaining("probe status 100 to 200");
        assertThatThrownBy(() -> health().body("(")).hasMessageContaining("probe body '('");
        assertThatThrownBy(() -> health().bodyLimit(0)).hasMessageContaining("probe bodyLimit 0");
        assertThatThrownBy(() -> health().method("HEAD").body("x").build(Runtimes.system()))
                .hasMessageContaining("HEAD");
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_may_begin_with_a_proxy_header_that_names_no_client(ProxyProtocol version) throws Exception {
        int length = version.probeHeader().length;
        ScriptedServer server = server(
                new ServerScript().expect(length).expectHead().send(OK).close().again());

        assertThat(ask(probe(health().sendProxy(version)), server, LONG)).isEqualTo(ProbeResult.PASSED);

        assertThat(server.received(0))
                .startsWith(new String(version.probeHeader(), StandardCharsets.ISO_8859_1) + "GET /health?full=1 ");
        assertThat(length).isEqualTo(version == ProxyProtocol.V1 ? "PROXY UNKNOWN\r\n".length() : 16);
    }
}
