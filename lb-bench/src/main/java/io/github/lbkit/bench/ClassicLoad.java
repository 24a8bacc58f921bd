package io.github.lbkit.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;

/** A load of the classic client, with one thread for each request in flight. */
final class ClassicLoad extends ClientLoad {
    private final CloseableHttpClient client;

    ClassicLoad(String url, UnaryOperator<HttpClientBuilder> balancing) {
        super(url);
        client = balancing
                .apply(HttpClients.custom()
                        .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                                .setMaxConnPerRoute(CONCURRENCY)
                                .setMaxConnTotal(4 * CONCURRENCY)
                                .build()))
                .build();
    }

    @Override
    int send(int requests, IntConsumer each) throws InterruptedException {
        AtomicInteger started = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONCURRENCY; i++) {
            Thread thread = new Thread(() -> {
                for (int n = started.incrementAndGet(); n <= requests; n = started.incrementAndGet()) {
                    each.accept(n);
                    if (!sendOne()) {
                        failed.incrementAndGet();
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return failed.get();
    }

    private boolean sendOne() {
        try {
            return client.execute(new HttpGet(url()), response -> {
                EntityUtils.consume(response.getEntity());
                return response.getCode() == 200;
            });
        } catch (IOException e) {
            System.out.println(e);
            return false;
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.GRACEFUL);
    }
}
