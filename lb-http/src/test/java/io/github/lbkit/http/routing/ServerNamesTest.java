package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.ProxyInternals;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.testkit.ScriptedNames;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import io.github.lbkit.testkit.UnansweredPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests of servers with host names: slow, wrong and changing names, and names with several addresses. */
@Isolated("one test reads what the logger writes to the standard error stream")
class ServerNamesTest {
    private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ScriptedNames names = new ScriptedNames();
    private final ScriptedServer server = ScriptedServer.start(ServerScript.answering(RESPONSE));
    private final List<AutoCloseable> open = new ArrayList<>(List.of(server));

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

    private ProxyFixture proxy(NameResolver resolver, String... hosts) {
        return proxyWith(b -> b.names(resolver), hosts);
    }

    private ProxyFixture proxyWith(UnaryOperator<ReverseProxyBuilder> settings, String... hosts) {
        Address[] addresses = new Address[hosts.length];
        for (int i = 0; i < hosts.length; i++) {
            addresses[i] = Address.of(hosts[i], server.port());
        }
        return opened(ProxyFixture.named(settings, addresses));
    }

    private UnansweredPort unanswered(String address) {
        return opened(UnansweredPort.at(NameResolver.literal(address).orElseThrow(), server.port()));
    }

    @Test
    void names_whose_look_ups_do_not_return_delay_no_other_server() {
        CompletableFuture<List<InetAddress>> gate = new CompletableFuture<>();
        NameResolver caching = opened(NameResolver.caching(
                Runtimes.system(),
                NameResolver.Caching.DEFAULTS,
                name -> name.startsWith("slow") ? gate.join() : List.of(InetAddress.getLoopbackAddress())));
        ProxyFixture slow = proxyWith(
                b -> b.names(caching).timeouts(ShortTimeouts.connect()), "slow-1.test", "slow-2.test", "slow-3.test");
        ProxyFixture others = proxy(caching, "127.0.0.1", "shop.test");
        try (RawClient waits = slow.client();
                RawClient goesOn = others.client()) {
            waits.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(waits.read().status()).isEqualTo(503);
            slow.awaitOutcomes("s1 failed CONNECT", "s2 failed CONNECT", "s3 failed CONNECT");

            assertThat(goesOn.get("/").body()).isEqualTo("ok");
            others.pool.set(FixedPool.server("s2", 1, "shop.test", server.port()));
            assertThat(goesOn.get("/").body()).isEqualTo("ok");
            others.awaitOutcomes("s1 succeeded", "s2 succeeded");
        } finally {
            gate.complete(List.of());
        }
    }

    @Test
    void a_server_without_a_known_address_is_not_connected_and_another_takes_the_request() {
        NameResolver throwing = host -> {
            if (host.equals("throwing.test")) {
                throw new AssertionError("as a test wants it");
            }
            return names.resolve(host);
        };
        ProxyFixture fixture = proxy(throwing, "nowhere.test", "throwing.test", "127.0.0.1");
        try (RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 failed CONNECT", "s3 succeeded");
        }
    }

    @Test
    void addresses_that_refuse_fail_no_request_while_another_accepts() {
        names.set("shop.test", "127.0.0.2", "::1", "127.0.0.3", "127.0.0.1", "127.0.0.4");
        ProxyFixture fixture = proxy(names, "shop.test");
        for (int i = 0; i < 5; i++) {
            try (RawClient client = fixture.client()) {
                assertThat(client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                                .read()
                                .body())
                        .isEqualTo("ok");
            }
        }
        fixture.awaitOutcomes("s1 succeeded", "s1 succeeded", "s1 succeeded", "s1 succeeded", "s1 succeeded");
    }

    @Test
    void addresses_that_do_not_answer_fail_no_request_while_another_accepts() {
        unanswered("127.0.0.2");
        unanswered("127.0.0.3");
        names.set("shop.test", "127.0.0.2", "127.0.0.3", "127.0.0.1");
        ProxyFixture fixture = proxy(names, "shop.test");
        try (RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void many_addresses_are_all_tried_within_the_connect_timeout() {
        String[] addresses = new String[21];
        for (int i = 0; i < 20; i++) {
            addresses[i] = "127.0.1." + (i + 1);
        }
        for (int i = 0; i < 6; i++) {
            unanswered(addresses[3 * i]);
        }
        addresses[20] = "127.0.0.1";
        names.set("shop.test", addresses);
        ProxyFixture fixture = proxy(names, "shop.test");
        try (RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
        }
    }

    @Test
    void when_no_address_connects_the_server_has_failed_once() {
        names.set("shop.test", "127.0.0.2", "127.0.0.3", "127.0.0.4");
        ProxyFixture fixture = proxy(names, "shop.test", "127.0.0.1");
        try (RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
            assertThat(ProxyInternals.upstreamConnections(fixture.proxy, "s1", 1))
                    .isZero();
        }
    }

    @Test
    void connections_belong_to_the_server_whichever_address_they_went_to() {
        names.set("shop.test", "127.0.0.2", "127.0.0.1");
        ProxyFixture fixture = proxy(names, "shop.test");
        try (RawClient client = fixture.client()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").body()).isEqualTo("ok");
            }
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(ProxyInternals.upstreamConnections(fixture.proxy, "s1", 1))
                    .isEqualTo(1);
        }
    }

    @Test
    void both_families_are_tried_in_their_order() throws IOException {
        names.set("shop.test", "::1", "127.0.0.1");
        ProxyFixture fixture = proxy(names, "shop.test", "::1%1");
        try (RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
        }
        try (ServerSocket six = new ServerSocket();
                ScriptedServer behind = ScriptedServer.refusing()) {
            six.bind(new InetSocketAddress(NameResolver.literal("::1").orElseThrow(), behind.port()));
            six.setSoTimeout(20_000);
            fixture.pool.set(FixedPool.server("s1", 2, "shop.test", behind.port()));
            try (RawClient client = fixture.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                answerOnce(six);
                assertThat(client.read().body()).isEqualTo("ok");
            }
            fixture.pool.set(FixedPool.server("s1", 3, "::1%1", behind.port()));
            try (RawClient client = fixture.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                answerOnce(six);
                assertThat(client.read().body()).isEqualTo("ok");
            }
        }
    }

    private static void answerOnce(ServerSocket listener) throws IOException {
        try (Socket socket = listener.accept()) {
            assertThat(socket.getInputStream().read(new byte[1000])).isPositive();
            socket.getOutputStream().write(RESPONSE.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void while_look_ups_fail_requests_go_on_and_one_line_says_so() {
        AtomicInteger lookups = new AtomicInteger();
        NameResolver caching = opened(NameResolver.caching(
                Runtimes.system(), NameResolver.Caching.DEFAULTS.withFresh(Duration.ofMillis(1)), name -> {
                    if (lookups.incrementAndGet() > 1) {
                        throw new UnknownHostException(name);
                    }
                    return List.of(InetAddress.getLoopbackAddress());
                }));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        ProxyFixture fixture = proxy(caching, "shop.test");
        try {
            for (int i = 0; lookups.get() < 3 || i < 10; i++) {
                try (RawClient client = fixture.client()) {
                    assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                                    .read()
                                    .body())
                            .isEqualTo("ok");
                }
                fixture.pool.put(FixedPool.server("s1", i + 2, "shop.test", server.port()));
            }
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("shop.test")))
                .hasSize(1)
                .allMatch(line -> line.contains("stay in use"));
    }

    @Test
    void a_client_that_leaves_while_addresses_are_tried_leaves_no_connection() {
        unanswered("127.0.0.2");
        unanswered("127.0.0.3");
        names.set("shop.test", "127.0.0.2", "127.0.0.3");
        ProxyFixture fixture =
                proxyWith(b -> b.abortOnHalfClose(true).names(names).timeouts(ShortTimeouts.response()), "shop.test");
        try (RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until(
                    "a connection is being made",
                    () -> ProxyInternals.upstreamConnections(fixture.proxy, "s1", 1) == 1);
        }
        Await.until("none is any more", () -> ProxyInternals.upstreamConnections(fixture.proxy, "s1", 1) == 0);
        fixture.awaitOutcomes("s1 abandoned");
    }
}
