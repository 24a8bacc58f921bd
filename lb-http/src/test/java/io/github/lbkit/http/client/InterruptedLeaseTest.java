package io.github.lbkit.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a connection returns to the pool if it is leased at the moment at which its request stops waiting. */
class InterruptedLeaseTest {
    private static final int REQUESTS = 10_000;
    private static final int CALLERS = 8;
    private static final long SEED = 20_261_128;

    /** How a request stops waiting. */
    enum End {
        INTERRUPT,
        CANCEL,
        TIMEOUT
    }

    @ParameterizedTest
    @EnumSource
    void after_10_000_requests_that_end_at_random_a_pool_of_2_has_both_connections(End end) throws Exception {
        PoolingHttpClientConnectionManager pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(2)
                .setMaxConnPerRoute(2)
                .build();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (ScriptedServer server =
                        ScriptedServer.start(ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                BalancedFixture fixture = BalancedFixture.over(server);
                CloseableHttpClient client = fixture.builder()
                        .classic(HttpClients.custom().setConnectionManager(pool))
                        .build()) {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(SEED + caller);
                running.add(callers.submit(() -> many(client, end, random)));
            }
            for (Future<?> each : running) {
                each.get();
            }

            assertThat(pool.getTotalStats().getLeased())
                    .as("leased, seed " + SEED)
                    .isZero();
            List<CompletableFuture<String>> last = List.of(
                    CompletableFuture.supplyAsync(() -> answer(client, get(Duration.ofSeconds(20))), callers),
                    CompletableFuture.supplyAsync(() -> answer(client, get(Duration.ofSeconds(20))), callers));
            for (CompletableFuture<String> each : last) {
                assertThat(each).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("ok");
            }
        } finally {
            callers.shutdownNow();
        }
    }

    /** One caller's share of the requests; another thread ends each after a random time of up to 200 µs. */
    private static void many(CloseableHttpClient client, End end, Random random) {
        Thread caller = Thread.currentThread();
        ExecutorService ending = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < REQUESTS / CALLERS; i++) {
                HttpGet request = get(end == End.TIMEOUT ? Duration.ofMillis(1) : Duration.ofSeconds(20));
                long after = random.nextInt(200_000);
                Future<?> ended = ending.submit(() -> {
                    LockSupport.parkNanos(after);
                    if (end == End.INTERRUPT) {
                        caller.interrupt();
                    } else if (end == End.CANCEL) {
                        request.cancel();
                    }
                });
                answer(client, request);
                while (!ended.isDone()) {
                    Thread.onSpinWait();
                }
                Thread.interrupted(); // the next request begins without
            }
        } finally {
            ending.shutdownNow();
        }
    }

    private static HttpGet get(Duration connectionRequestTimeout) {
        HttpGet get = new HttpGet("http://orders/");
        get.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(connectionRequestTimeout))
                .build());
        return get;
    }

    private static String answer(CloseableHttpClient client, HttpGet request) {
        try {
            return client.execute(request, response -> EntityUtils.toString(response.getEntity()));
        } catch (IOException | RuntimeException e) {
            return "failed: " + e;
        }
    }
}
