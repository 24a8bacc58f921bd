package io.github.lbkit.http.client;

import io.github.lbkit.http.fixture.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.util.Timeout;

/** A balanced client under test, classic or asynchronous. */
interface TestClient extends AutoCloseable {
    /** A request; an empty body stands for no body. */
    record Ask(String method, String url, String body, boolean repeatable, Map<String, String> headers) {
        static Ask get(String url) {
            return new Ask("GET", url, "", true, Map.of());
        }

        static Ask with(String method, String body) {
            return new Ask(method, "http://orders/", body, true, Map.of());
        }

        Ask once() {
            return new Ask(method, url, body, false, headers);
        }

        Ask header(String name, String value) {
            return new Ask(method, url, body, repeatable, Map.of(name, value));
        }
    }

    /** A response, read to its end. */
    record Answer(int status, String body) {}

    /** Sends a request, and reads its response to the end. */
    CompletableFuture<Answer> begin(Ask ask);

    /** Begins a request and cancels it after this action. */
    void cancelAfter(Ask ask, Runnable passed);

    /** Returns the number of connections in use. */
    int leased();

    @Override
    void close();

    default Answer send(Ask ask) throws IOException {
        CompletableFuture<Answer> answer = begin(ask);
        Await.until("an answer to " + ask, answer::isDone);
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }

    default Answer get(String url) throws IOException {
        return send(Ask.get(url));
    }

    /** What the client does besides balancing; a timeout of 0 is left at HttpClient's default. */
    record Options(int responseTimeoutMillis, int socketTimeoutMillis, List<String> proxy, TestCertificates trusted) {
        static final Options NONE = new Options(20_000);

        /** No timeouts. */
        static final Options UNLIMITED = new Options(0);

        Options(int responseTimeoutMillis) {
            this(responseTimeoutMillis, List.of(), TestCertificates.NONE);
        }

        Options(int responseTimeoutMillis, List<String> proxy, TestCertificates trusted) {
            this(responseTimeoutMillis, 0, proxy, trusted);
        }

        Options socketTimeout(int millis) {
            return new Options(responseTimeoutMillis, millis, proxy, trusted);
        }

        RequestConfig requestConfig() {
            RequestConfig.Builder config = RequestConfig.custom();
            if (responseTimeoutMillis > 0) {
                config.setResponseTimeout(Timeout.ofMilliseconds(responseTimeoutMillis));
            }
            return config.build();
        }

        ConnectionConfig connectionConfig() {
            ConnectionConfig.Builder config = ConnectionConfig.custom();
            if (socketTimeoutMillis > 0) {
                config.setSocketTimeout(Timeout.ofMilliseconds(socketTimeoutMillis));
            }
            return config.build();
        }
    }
}
