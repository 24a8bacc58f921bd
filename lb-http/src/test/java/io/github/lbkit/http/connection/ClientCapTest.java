package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the highest number of client connections. */
class ClientCapTest {
    private static final String BUSY = "GET /busy HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Semaphore busy = new Semaphore(0);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<RawClient> clients = new ArrayList<>();

    private ReverseProxy start(int cap, UnaryOperator<ReverseProxyBuilder> settings) throws IOException {
        return settings.apply(ReverseProxy.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .limits(Limits.builder().clientConnections(cap).build())
                        .route("/busy", 0, request -> {
                            busy.release();
                            gate.await();
                            return LocalResponse.text(200, "late");
                        })
                        .fallback(0, request -> LocalResponse.text(200, "ok")))
                .start();
    }

    private RawClient client(ReverseProxy proxy) {
        RawClient client = RawClient.to(proxy);
        clients.add(client);
        return client;
    }

    @AfterEach
    void leave() {
        gate.countDown();
        clients.forEach(RawClient::leave);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void at_the_cap_the_longest_idle_connection_is_closed_for_the_next_and_a_busy_one_never_is(boolean reusePort)
            throws Exception {
        try (ReverseProxy proxy = start(50, b -> b.loops(3).reusePort(reusePort))) {
            RawClient oldest = client(proxy).send(BUSY);
            busy.acquire();
            List<RawClient> idle = new ArrayList<>();
            for (int i = 1; i < 50; i++) {
                RawClient client = client(proxy);
                assertThat(client.get("/").status()).isEqualTo(200);
                idle.add(client);
            }
            RawClient used = idle.remove(0);
            assertThat(used.get("/again").status()).isEqualTo(200); // the next one is idle for longer now

            for (int i = 0; i < 20; i++) {
                assertThat(client(proxy).get("/").status()).isEqualTo(200);
                assertThat(idle.remove(0).isAtEnd()).isTrue();
                assertThat(proxy.clientConnections()).isEqualTo(50);
            }

            for (RawClient client : idle) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            assertThat(used.get("/").status()).isEqualTo(200);
            gate.countDown();
            assertThat(oldest.read().body()).isEqualTo("late");
        }
    }

    @Test
    void while_every_connection_is_busy_the_next_waits_until_one_is_not() throws Exception {
        try (ReverseProxy proxy = start(2, b -> b.loops(2))) {
            RawClient one = client(proxy).send(BUSY);
            RawClient two = client(proxy).send(BUSY);
            busy.acquire(2);
            RawClient three = client(proxy).send(BUSY);
            assertThat(proxy.clientConnections()).isEqualTo(2);
            assertThat(busy.availablePermits()).isZero();

            gate.countDown();

            assertThat(three.read().body()).isEqualTo("late");
            assertThat(one.read().body()).isEqualTo("late");
            assertThat(two.read().body()).isEqualTo("late");
        }
    }

    @Test
    void a_client_that_leaves_makes_room() throws Exception {
        try (ReverseProxy proxy = start(1, b -> b.loops(1).abortOnHalfClose(true))) {
            RawClient one = client(proxy).send(BUSY);
            busy.acquire();
            RawClient two = client(proxy).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            one.leave();

            assertThat(two.read().body()).isEqualTo("ok");
        }
    }

    @Test
    void clients_that_say_nothing_do_not_keep_others_out() throws Exception {
        try (ReverseProxy proxy = start(3, b -> b.loops(2))) {
            List<RawClient> silent = List.of(client(proxy), client(proxy), client(proxy));
            Await.until("all are accepted", () -> proxy.clientConnections() == 3);

            Await.until("the silent ones are closed", () -> {
                assertThat(client(proxy).get("/").status()).isEqualTo(200);
                return silent.stream().allMatch(ClientCapTest::hasEnded);
            });
        }
    }

    private static boolean hasEnded(RawClient client) {
        try {
            client.socket.setSoTimeout(1);
            return client.in().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_connection_with_an_unread_request_is_not_idle() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch holding = new CountDownLatch(1);
        try (ReverseProxy proxy = start(
                4,
                b -> b.loops(2).guard(head -> {
                    if (head.path().equals("/hold")) {
                        holding.countDown();
                        try {
                            held.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return Optional.empty();
                }))) {
            RawClient acceptorsLoop = client(proxy); // connections go to the two loops by turns
            RawClient longest = client(proxy);
            assertThat(longest.get("/").status()).isEqualTo(200);
            assertThat(acceptorsLoop.get("/").status()).isEqualTo(200);
            assertThat(client(proxy).get("/").status()).isEqualTo(200);
            RawClient holder = client(proxy).send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n"); // holds up longest's loop
            holding.await();
            RawClient next = client(proxy).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            acceptorsLoop.get("/"); // its loop has seen the next connection when it answers the second of these
            acceptorsLoop.get("/");
            longest.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

            held.countDown();

            assertThat(longest.read().status()).isEqualTo(200);
            assertThat(holder.read().status()).isEqualTo(200);
            assertThat(next.read().status()).isEqualTo(200);
        }
    }
}
