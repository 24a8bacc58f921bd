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

/** The asynchronous client: the end of each request begins another. */
final class AsyncLoad extends ClientLoad {
    private final CloseableHttpAsyncClient client;

    AsyncLoad(String url, UnaryOperator<HttpAsyncClientBuilder> balancing) {
        super(url);
        client = balancing
                .apply(HttpAsyncClients.custom()
                        .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                                .setMaxConnPerRoute(AT_ONCE)
                                .setMaxConnTotal(4 * AT_ONCE)
                                .build()))
                .build();
        client.start();
    }

    @Override
    int send(int requests, IntConsumer each) throws InterruptedException {
        Sending sending = new Sending(requests, each);
        for (int i = 0; i < AT_ONCE; i++) {
            sending.next();
        }
        sending.ended.await();
        return sending.failed.get();
    }

    /** Requests, of which each that ends begins another. */
    private final class Sending implements FutureCallback<SimpleHttpResponse> {
        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final CountDownLatch ended;
        private final int requests;
        private final IntConsumer each;

        Sending(int requests, IntConsumer each) {
            this.requests = requests;
            this.each = each;
            this.ended = new CountDownLatch(requests);
        }

        void next() {
            int n = begun.incrementAndGet();
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

        private void end(boolean well) {
            if (!well) {
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
