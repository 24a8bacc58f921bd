package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.Timeouts;
import io.github.lbkit.http.fixture.ChunkedText;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of servers and clients that fail in every way at the same time: no response is wrong, and nothing leaks. */
class ConcurrentFailuresTest {
    private static final int CLIENTS = 6;
    private static final int REQUESTS = 150;
    private static final String BODY = "the one right answer";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Timeouts TIMEOUTS = Timeouts.builder()
            .connect(LONG)
            .responseHead(Duration.ofMillis(50))
            .serverIdle(Duration.ofMillis(20))
            .build();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void every_complete_response_is_right_and_nothing_is_left(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        AtomicInteger right = new AtomicInteger();
        try (ScriptedServer first = ScriptedServer.start(scripts(random));
                ScriptedServer second = ScriptedServer.start(scripts(random));
                ScriptedServer third = ScriptedServer.start(scripts(random));
                ProxyFixture fixture = ProxyFixture.over(b -> b.loops(2).timeouts(TIMEOUTS), first, second, third)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom own = random.split();
                threads.add(new Thread(() -> play(fixture, own, right, wrong)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            fixture.awaitNothingInFlight();
        }

        assertThat(wrong).isEmpty();
        assertThat(right.get()).isGreaterThan(CLIENTS * REQUESTS / 4);
    }

    private static void play(ProxyFixture fixture, SplittableRandom random, AtomicInteger right, List<String> wrong) {
        RawClient client = fixture.client();
        for (int i = 0; i < REQUESTS; i++) {
            try {
                client.send(request(random));
                if (random.nextInt(20) == 0) {
                    leave(client, random);
                    client = fixture.client();
                    continue;
                }
                RawClient.Response response = client.read();
                if (response.status() == 200 && !response.body().equals(BODY)) {
                    wrong.add(response.toString());
                }
                if (response.status() == 200) {
                    right.incrementAndGet();
                }
                if (response.field("Connection").isPresent()) {
                    client.leave();
                    client = fixture.client();
                }
            } catch (java.io.UncheckedIOException cut) {
                if (cut.getCause() instanceof java.net.SocketTimeoutException) {
                    wrong.add("no answer");
                }
                client.leave();
                client = fixture.client();
            }
        }
        client.leave();
    }

    private static void leave(RawClient client, SplittableRandom random) {
        if (random.nextBoolean()) {
            client.reset();
        } else {
            client.leave();
        }
    }

    private static String request(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
            case 1 -> "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
            default -> "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        };
    }

    private static ServerScript[] scripts(SplittableRandom random) {
        ServerScript[] scripts = new ServerScript[80];
        for (int i = 0; i < scripts.length - 1; i++) {
            ServerScript script = new ServerScript();
            int exchanges = random.nextInt(6);
            for (int k = 0; k < exchanges; k++) {
                script = script.expectHead().send(good(random));
            }
            scripts[i] = ending(script, random);
        }
        scripts[scripts.length - 1] = ServerScript.answering(good(random));
        return scripts;
    }

    private static String good(SplittableRandom random) {
        return random.nextBoolean()
                ? "HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY
                : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ChunkedText.chunked(BODY, 7);
    }

    private static ServerScript ending(ServerScript script, SplittableRandom random) {
        String response = good(random);
        String part = response.substring(0, random.nextInt(response.length()));
        return switch (random.nextInt(6)) {
            case 0 -> script.close();
            case 1 -> script.expectHead().close();
            case 2 -> script.expectHead().reset();
            case 3 -> script.expectHead().send(part).reset();
            case 4 -> script.expectHead().send(part).close();
            default -> script.expectHead().expectEnd();
        };
    }
}
