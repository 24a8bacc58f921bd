package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that an attempt ends before its client sees the end of the response. A client that sends one request after the
 * other therefore never finds its previous request counted by an in-flight cap, by bounded load or by least requests.
 */
class AttemptEndTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 500 Error\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n???"
            })
    void nothing_of_a_short_answer_has_gone_out(String answer) {
        assertThat(outBeforeTheEnd(ServerScript.answering(answer))).containsExactly(0);
    }

    @Test
    void the_last_bytes_of_a_long_answer_have_not_gone_out() throws IOException {
        CountDownLatch rest = new CountDownLatch(1);
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 50002\r\n\r\n" + "x".repeat(50_000))
                .await(rest)
                .send("ok")
                .stall();
        List<Integer> unread = new CopyOnWriteArrayList<>();
        AtomicReference<RawClient> watched = new AtomicReference<>();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = watching(server, watched, unread);
                RawClient client = fixture.client()) {
            watched.set(client);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            while (!client.line().isEmpty()) {
                assertThat(unread).isEmpty();
            }
            client.exactly(50_000);
            rest.countDown();

            fixture.awaitOutcomes("s1 succeeded");
            assertThat(client.exactly(2)).isEqualTo("ok");
        }
        assertThat(unread).containsExactly(0);
    }

    @Test
    void the_response_is_reported_before_the_end() {
        List<String> told = new CopyOnWriteArrayList<>();
        LoadBalancerListener listener = new LoadBalancerListener() {
            @Override
            public void responded(Server by, Duration sinceBegin) {
                told.add("responded");
            }

            @Override
            public void succeeded(Server by, Duration sinceBegin) {
                told.add("succeeded");
            }
        };
        ServerScript ok = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        try (ScriptedServer server = ScriptedServer.start(ok);
                ProxyFixture fixture = ProxyFixture.balancing(b -> b.listener(listener), b -> b, server);
                RawClient client = fixture.client()) {
            client.get("/");
        }
        assertThat(told).containsExactly("responded", "succeeded");
    }

    private static List<Integer> outBeforeTheEnd(ServerScript script) {
        List<Integer> unread = new CopyOnWriteArrayList<>();
        AtomicReference<RawClient> watched = new AtomicReference<>();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = watching(server, watched, unread);
                RawClient client = fixture.client()) {
            watched.set(client);
            client.get("/");
        }
        return unread;
    }

    /** A proxy that notes, whenever an attempt ends, how many bytes its client could read. */
    private static ProxyFixture watching(
            ScriptedServer server, AtomicReference<RawClient> watched, List<Integer> unread) {
        LoadBalancerListener listener = new LoadBalancerListener() {
            @Override
            public void succeeded(Server by, Duration sinceBegin) {
                note();
            }

            @Override
            public void failed(Server by, Failure failure, Duration sinceBegin) {
                note();
            }

            private void note() {
                try {
                    unread.add(Objects.requireNonNull(watched.get())
                            .socket
                            .getInputStream()
                            .available());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        return ProxyFixture.balancing(b -> b.listener(listener), b -> b, server);
    }
}
