package io.github.lbkit.http.client;

import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.fixture.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.auth.CredentialsProviderBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;

/** A classic client; each request on a thread of its own. */
final class ClassicTestClient implements TestClient {
    final CloseableHttpClient client;
    private final PoolingHttpClientConnectionManager manager;
    private final ExecutorService callers = Executors.newCachedThreadPool();

    ClassicTestClient(BalancedHttpClient.Builder balanced, Options options) {
        balanced.otherRetries(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofMilliseconds(1)));
        HttpClientBuilder builder = balanced.classic(HttpClients.custom())
                .setDefaultCredentialsProvider(credentials())
                .setDefaultRequestConfig(options.requestConfig());
        options.proxy().forEach(p -> builder.setProxy(proxy(p)));
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(options.connectionConfig());
        if (options.trusted().isPresent()) {
            connections.setTlsSocketStrategy(
                    new DefaultClientTlsStrategy(options.trusted().context()));
        }
        manager = connections.build();
        builder.setConnectionManager(manager);
        client = builder.build();
    }

    static CredentialsProvider credentials() {
        return CredentialsProviderBuilder.create()
                .add(new AuthScope("orders", 80), "user", "password".toCharArray())
                .build();
    }

    static HttpHost proxy(String authority) {
        try {
            return HttpHost.create("http://" + authority);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public CompletableFuture<Answer> begin(Ask ask) {
        return begin(request(ask));
    }

    private CompletableFuture<Answer> begin(HttpUriRequestBase request) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        callers.execute(() -> {
            try {
                answer.complete(client.execute(
                        request,
                        response -> new Answer(
                                response.getCode(),
                                response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity()))));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    @Override
    public void cancelAfter(Ask ask, Runnable passed) {
        HttpUriRequestBase request = request(ask);
        CompletableFuture<Answer> answer = begin(request);
        passed.run();
        request.cancel();
        Await.until("the request ends", answer::isDone);
    }

    static HttpUriRequestBase request(Ask ask) {
        HttpUriRequestBase request = new HttpUriRequestBase(ask.method(), java.net.URI.create(ask.url()));
        ask.headers().forEach(request::addHeader);
        if (!ask.body().isEmpty()) {
            byte[] bytes = ask.body().getBytes(StandardCharsets.US_ASCII);
            request.setEntity(
                    ask.repeatable()
                            ? new StringEntity(ask.body(), ContentType.TEXT_PLAIN)
                            : new InputStreamEntity(
                                    new ByteArrayInputStream(bytes), bytes.length, ContentType.TEXT_PLAIN));
        }
        return request;
    }

    @Override
    public int leased() {
        return manager.getTotalStats().getLeased();
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        callers.shutdownNow();
    }
}
