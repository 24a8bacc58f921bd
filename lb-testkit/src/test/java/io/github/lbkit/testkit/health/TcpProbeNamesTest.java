package io.github.lbkit.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ScriptedNames;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import io.github.lbkit.testkit.UnansweredPort;
import io.github.lbkit.testkit.fixture.ResolverFixture;
import java.io.IOException;
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

/** A TCP probe of servers that have names. */
class TcpProbeNamesTest {
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final ServerScript OK =
            new ServerScript().expectHead().send("HTTP/1.1 200 OK\r\n\r\n").expectEnd();

    private final ScriptedNames names = new ScriptedNames();
    private final ScriptedServer server = ScriptedServer.start(OK);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(server));
    private final TcpProbe probe = opened(TcpProbe.http(Runtimes.system().withNames(names), "/health"));

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

    private CompletableFuture<ProbeResult> ask(String host, Duration timeout) {
        return probe.probe(new Instance("i", Address.of(host, server.port()), 1), timeout)
                .toCompletableFuture();
    }

    private static ProbeResult answer(CompletableFuture<ProbeResult> asked) throws Exception {
        return asked.get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_name_that_is_not_answered_delays_no_other_server() throws Exception {
        names.hang("slow.test").set("shop.test", "127.0.0.1");
        List<CompletableFuture<ProbeResult>> hanging = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            hanging.add(ask("slow.test", LONG));
        }

        assertThat(answer(ask("127.0.0.1", LONG))).isEqualTo(ProbeResult.PASSED);
        assertThat(answer(ask("shop.test", LONG))).isEqualTo(ProbeResult.PASSED);
        assertThat(hanging).noneMatch(CompletableFuture::isDone);
        assertThat(answer(ask("slow.test", SHORT)).detail())
                .isEqualTo("no address is known for host slow.test within 400 ms");
    }

    @Test
    void a_name_whose_look_up_blocks_its_thread_delays_no_other_server() throws Exception {
        CompletableFuture<List<InetAddress>> gate = new CompletableFuture<>();
        NameResolver caching = opened(NameResolver.caching(
                Runtimes.system(),
                NameResolver.Caching.DEFAULTS,
                name -> name.startsWith("slow") ? gate.join() : List.of(InetAddress.getLoopbackAddress())));
        try (TcpProbe own = TcpProbe.http(Runtimes.system().withNames(caching), "/")) {
            List<CompletableFuture<ProbeResult>> hanging = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Address slow = Address.of("slow-" + i + ".test", server.port());
                hanging.add(own.probe(new Instance("i", slow, 1), LONG).toCompletableFuture());
            }
            for (String host : List.of("127.0.0.1", "shop.test")) {
                Address address = Address.of(host, server.port());
                assertThat(answer(own.probe(new Instance("i", address, 1), LONG).toCompletableFuture()))
                        .isEqualTo(ProbeResult.PASSED);
            }
            assertThat(hanging).noneMatch(CompletableFuture::isDone);
        } finally {
            gate.complete(List.of());
        }
    }

    @Test
    void an_address_in_text_form_is_not_looked_up() throws Exception {
        assertThat(answer(ask("127.0.0.1", LONG))).isEqualTo(ProbeResult.PASSED);
        assertThat(names.lookups()).isEmpty();
    }

    @Test
    void an_unknown_name_fails_with_its_reason() throws Exception {
        assertThat(answer(ask("nowhere.test", LONG)).detail())
                .isEqualTo("no address is known for host nowhere.test: unknown name");
    }

    @Test
    void a_resolver_that_throws_fails_the_probe_alone() throws Exception {
        try (TcpProbe own = TcpProbe.connecting(Runtimes.system().withNames(host -> {
            throw new IllegalStateException("as a test wants it");
        }))) {
            Address address = Address.of("shop.test", server.port());
            assertThat(answer(own.probe(new Instance("i", address, 1), LONG).toCompletableFuture())
                            .detail())
                    .contains("as a test wants it");
        }
    }

    @Test
    void dead_addresses_before_a_live_one_fail_nothing() throws Exception {
        names.set("shop.test", "127.0.0.2", "127.0.0.3", "127.0.0.1", "127.0.0.4");

        assertThat(answer(ask("shop.test", LONG))).isEqualTo(ProbeResult.PASSED);
    }

    @Test
    void an_address_that_does_not_answer_leaves_time_for_the_next() throws Exception {
        opened(UnansweredPort.at(InetAddress.getByName("127.0.0.2"), server.port()));
        names.set("shop.test", "127.0.0.2", "127.0.0.1");

        assertThat(answer(ask("shop.test", Duration.ofSeconds(2)))).isEqualTo(ProbeResult.PASSED);
    }

    @Test
    void the_families_are_tried_in_their_order() throws Exception {
        names.set("four-first.test", "127.0.0.1", "::1").set("six-first.test", "::1", "127.0.0.1");

        assertThat(answer(ask("six-first.test", LONG))).isEqualTo(ProbeResult.PASSED);
        try (ServerSocket six = new ServerSocket()) {
            six.bind(new InetSocketAddress(ResolverFixture.ip("::1"), server.port()));
            six.setSoTimeout(20_000);
            CompletableFuture<ProbeResult> asked = ask("six-first.test", LONG);
            answerOnce(six);
            assertThat(answer(asked)).isEqualTo(ProbeResult.PASSED);
            assertThat(answer(ask("four-first.test", LONG))).isEqualTo(ProbeResult.PASSED);
        }
        assertThat(server.accepted()).isEqualTo(2);
    }

    private static void answerOnce(ServerSocket listener) throws IOException {
        try (Socket socket = listener.accept()) {
            assertThat(socket.getInputStream().read(new byte[1000])).isPositive();
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void when_no_address_connects_the_result_names_each() throws Exception {
        names.set("shop.test", "127.0.0.2", "127.0.0.3");

        ProbeResult result = answer(ask("shop.test", LONG));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail())
                .contains("shop.test")
                .contains("127.0.0.2: ")
                .contains("127.0.0.3: ");
    }

    @Test
    void a_server_that_answers_wrongly_is_not_bettered_by_another_address() throws Exception {
        try (ScriptedServer wrong = ScriptedServer.start(
                new ServerScript().expectHead().send("HTTP/1.1 500 No\r\n\r\n").expectEnd())) {
            names.set("shop.test", "127.0.0.1", "127.0.0.1");
            Address address = Address.of("shop.test", wrong.port());

            ProbeResult result =
                    answer(probe.probe(new Instance("i", address, 1), LONG).toCompletableFuture());

            assertThat(result.passed()).isFalse();
            assertThat(wrong.accepted()).isEqualTo(1);
        }
    }

    @Test
    void an_ipv6_address_with_a_zone_is_probed_without_the_zone_in_the_host() throws Exception {
        try (ServerSocket six = new ServerSocket()) {
            six.bind(new InetSocketAddress(ResolverFixture.ip("::1"), 0));
            six.setSoTimeout(20_000);
            Address address = Address.of("::1%1", six.getLocalPort());
            CompletableFuture<ProbeResult> asked =
                    probe.probe(new Instance("i", address, 1), LONG).toCompletableFuture();
            try (Socket socket = six.accept()) {
                byte[] head = new byte[1000];
                int read = socket.getInputStream().read(head);
                assertThat(new String(head, 0, read, StandardCharsets.US_ASCII))
                        .contains("\r\nHost: [::1]:" + six.getLocalPort() + "\r\n");
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(answer(asked)).isEqualTo(ProbeResult.PASSED);
            assertThat(address).hasToString("[::1%1]:" + six.getLocalPort());
        }
    }
}
