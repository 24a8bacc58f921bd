package io.github.lbkit.http.client;

import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.fixture.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** An asynchronous client. */
final class AsyncTestClient implements TestClient {
    final CloseableHttpAsyncClient client;
    private final PoolingAsyncClientConnectionManager manager;

    AsyncTestClient(BalancedHttpClient.Builder balanced, Options options) {
        balanced.otherRetries(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofMilliseconds(1)));
        HttpAsyncClientBuilder builder = balanced.async(HttpAsyncClients.custom())
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setSelectInterval(TimeValue.ofMilliseconds(50))
                        .build())
                .setDefaultCredentialsProvider(ClassicTestClient.credentials())
                .setDefaultRequestConfig(options.requestConfig());
        options.proxy().forEach(p -> builder.setProxy(ClassicTestClient.proxy(p)));
        var connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(options.connectionConfig());
        if (options.trusted().isPresent()) {
            connections.setTlsStrategy(
                    new DefaultClientTlsStrategy(options.trusted().context()));
        }
        manager = connections.build();
        builder.setConnectionManager(manager);
        client = builder.build();
        client.start();
    }

    @Override
    public CompletableFuture<Answer> begin(Ask ask) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        var unused = start(ask, answer);
        return answer;
    }

    private Future<SimpleHttpResponse> start(Ask ask, CompletableFuture<Answer> answer) {
        SimpleHttpRequest request = new SimpleHttpRequest(ask.method(), java.net.URI.create(ask.url()));
        ask.headers().forEach(request::addHeader);
        return client.execute(
                new BasicRequestProducer(request, body(ask)), SimpleResponseConsumer.create(), new FutureCallback<>() {
                    @Override
                    public void completed(SimpleHttpResponse response) {
                        String body = response.getBodyText();
                        answer.complete(new Answer(response.getCode(), body == null ? "" : body));
                    }

                    @Override
                    public void failed(Exception e) {
                        answer.completeExceptionally(e);
                    }

                    @Override
                    public void cancelled() {
                        answer.cancel(false);
                    }
                });
    }

    private static @Nullable AsyncEntityProducer body(Ask ask) {
        if (ask.body().isEmpty()) {
            return null;
        }
        return new BasicAsyncEntityProducer(ask.body(), ContentType.TEXT_PLAIN) {
            @Override
            public boolean isRepeatable() {
                return ask.repeatable();
            }
        };
    }

    @Override
    public void cancelAfter(Ask ask, Runnable passed) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Future<SimpleHttpResponse> started = start(ask, answer);
        passed.run();
        started.cancel(true);
        Await.until("the request ends", answer::isDone);
    }

    @Override
    public int leased() {
        return manager.getTotalStats().getLeased();
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
