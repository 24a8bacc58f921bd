package io.github.lbkit.http.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.testkit.ScriptedNames;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import io.github.lbkit.testkit.UnansweredPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests of HTTP probes of servers with host names. */
class HttpProbeNamesTest {
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final ScriptedNames names = new ScriptedNames();
    private final ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
    private final List<AutoCloseable> open = new ArrayList<>(List.of(server));
    private final HttpProbe probe =
            opened(HttpProbe.path("/health").build(Runtimes.system().withNames(names)));

    private <T extends AutoCloseable> T opened(T one) {
        open.add(0, one);
        return one;
    }

    @AfterEach
    void closeEverything() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private static CompletableFuture<ProbeResult> ask(HttpProbe asking, String host, int port, Duration timeout) {
        return asking.probe(new Instance("i", Address.of(host, port), 1), timeout)
                .toCompletableFuture();
    }

    private ProbeResult answerOf(String host, Duration timeout) throws Exception {
        return ask(probe, host, server.port(), timeout).get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_name_that_is_not_answered_delays_no_other_server() throws Exception {
        names.hang("slow.test").set("shop.test", "127.0.0.1");
        List<CompletableFuture<ProbeResult>> hanging = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            hanging.add(ask(probe, "slow.test", server.port(), LONG));
        }

        assertThat(answerOf("127.0.0.1", LONG)).isEqualTo(ProbeResult.PASSED);
        assertThat(answerOf("shop.test", LONG)).isEqualTo(ProbeResult.PASSED);
        assertThat(hanging).noneMatch(CompletableFuture::isDone);
        assertThat(answerOf("slow.test", Duration.ofMillis(300)).detail())
                .isEqualTo("no address is known for host slow.test within 300 ms");
    }

    @Test
    void names_whose_look_ups_block_their_threads_delay_no_other_server() throws Exception {
        CompletableFuture<List<InetAddress>> gate = new CompletableFuture<>();
        NameResolver caching = opened(NameResolver.caching(
                Runtimes.system(),
                NameResolver.Caching.DEFAULTS,
                name -> name.startsWith("slow") ? gate.join() : List.of(InetAddress.getLoopbackAddress())));
        HttpProbe own = opened(HttpProbe.path("/").build(Runtimes.system().withNames(caching)));
        List<CompletableFuture<ProbeResult>> hanging = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            hanging.add(ask(own, "slow-" + i + ".test", server.port(), LONG));
        }

        assertThat(ask(own, "127.0.0.1", server.port(), LONG).get(20, TimeUnit.SECONDS))
                .isEqualTo(ProbeResult.PASSED);
        assertThat(ask(own, "shop.test", server.port(), LONG).get(20, TimeUnit.SECONDS))
                .isEqualTo(ProbeResult.PASSED);
        assertThat(hanging).noneMatch(CompletableFuture::isDone);
        gate.complete(List.of());
    }

    @Test
    void the_host_field_is_the_name() throws Exception {
        names.set("shop.test", "127.0.0.1");

        assertThat(answerOf("shop.test", LONG)).isEqualTo(ProbeResult.PASSED);
        assertThat(server.heads().get(0)).containsIgnoringCase("\r\nhost: shop.test:" + server.port() + "\r\n");
        assertThat(names.lookups()).containsExactly("shop.test");
    }

    @Test
    void an_unknown_name_fails_with_its_reason() throws Exception {
        assertThat(answerOf("nowhere.test", LONG).detail())
                .isEqualTo("no address is known for host nowhere.test: unknown name");
    }

    @Test
    void a_resolver_that_throws_fails_the_probe_alone() throws Exception {
        HttpProbe own = opened(HttpProbe.path("/").build(Runtimes.system().withNames(host -> {
            throw new AssertionError("as a test wants it");
        })));

        assertThat(ask(own, "shop.test", server.port(), LONG)
                        .get(20, TimeUnit.SECONDS)
                        .detail())
                .contains("as a test wants it");
    }

    @Test
    void dead_addresses_before_a_live_one_fail_nothing() throws Exception {
        names.set("shop.test", "127.0.0.2", "::1", "127.0.0.3", "127.0.0.1", "127.0.0.4");

        assertThat(answerOf("shop.test", LONG)).isEqualTo(ProbeResult.PASSED);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void an_address_that_does_not_answer_leaves_time_for_the_next() throws Exception {
        opened(UnansweredPort.at(NameResolver.literal("127.0.0.2").orElseThrow(), server.port()));
        names.set("shop.test", "127.0.0.2", "127.0.0.1");

        assertThat(answerOf("shop.test", Duration.ofSeconds(2))).isEqualTo(ProbeResult.PASSED);
    }

    @Test
    void when_no_address_connects_the_result_has_the_reason_of_each() throws Exception {
        names.set("shop.test", "127.0.0.2", "127.0.0.3");

        ProbeResult result = answerOf("shop.test", LONG);

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).contains("127.0.0.2").contains("127.0.0.3");
    }

    @Test
    void a_server_that_answers_wrongly_or_breaks_off_is_not_bettered_by_another_address() throws Exception {
        ServerScript breaking = new ServerScript().expectHead().reset();
        ServerScript failing = ServerScript.answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        for (ServerScript script : List.of(breaking, failing)) {
            try (ScriptedServer wrong = ScriptedServer.start(script)) {
                names.set("shop.test", "127.0.0.1", "127.0.0.1");

                ProbeResult result = ask(probe, "shop.test", wrong.port(), LONG).get(20, TimeUnit.SECONDS);

                assertThat(result.passed()).isFalse();
                assertThat(wrong.accepted()).isEqualTo(1);
            }
        }
    }

    @Test
    void an_ipv6_address_with_a_zone_is_probed_without_the_zone_in_the_host() throws Exception {
        try (ServerSocket six = new ServerSocket()) {
            six.bind(new InetSocketAddress(NameResolver.literal("::1").orElseThrow(), 0));
            six.setSoTimeout(20_000);
            CompletableFuture<ProbeResult> asked = ask(probe, "::1%1", six.getLocalPort(), LONG);
            try (Socket socket = six.accept()) {
                byte[] head = new byte[1000];
                int read = socket.getInputStream().read(head);
                assertThat(new String(head, 0, read, StandardCharsets.US_ASCII))
                        .containsIgnoringCase("\r\nHost: [::1]:" + six.getLocalPort() + "\r\n");
                socket.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo(ProbeResult.PASSED);
        }
    }
}
