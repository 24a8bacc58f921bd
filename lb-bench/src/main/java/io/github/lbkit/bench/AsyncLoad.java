package io.github.lbkit.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;

/** A load of the asynchronous client: each completed request starts the next one. */
final class AsyncLoad extends ClientLoad {
    private final CloseableHttpAsyncClient client;

    AsyncLoad(String url, UnaryOperator<HttpAsyncClientBuilder> balancing) {
        super(url);
        client = balancing
                .apply(HttpAsyncClients.custom()
                        .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                                .setMaxConnPerRoute(CONCURRENCY)
                                .setMaxConnTotal(4 * CONCURRENCY)
                                .build()))
                .build();
        client.start();
    }

    @Override
    int send(int requests, IntConsumer each) throws InterruptedException {
        Run run = new Run(requests, each);
        for (int i = 0; i < CONCURRENCY; i++) {
            run.next();
        }
        run.ended.await();
        return run.failed.get();
    }

    /** A run of requests, in which each completed request starts the next one. */
    private final class Run implements FutureCallback<SimpleHttpResponse> {
        final AtomicInteger started = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final CountDownLatch ended;
        private final int requests;
        private final IntConsumer each;

        Run(int requests, IntConsumer each) {
            this.requests = requests;
            this.each = each;
            this.ended = new CountDownLatch(requests);
        }

        void next() {
            int n = started.incrementAndGet();
            if (n <= requests) {
                each.accept(n);
                SimpleHttpRequest request = SimpleRequestBuilder.get(url()).build();
                var unused = client.execute(request, this);
            }
        }

        @Override
        public void completed(SimpleHttpResponse response) {
            end(response.getCode() == 200);
        }

        @Override
        public void failed(Exception e) {
            System.out.println(e);
            end(false);
        }

        @Override
        public void cancelled() {
            end(false);
        }

        private void end(boolean successful) {
            if (!successful) {
                failed.incrementAndGet();
            }
            ended.countDown();
            next();
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.GRACEFUL);
    }
}
