package io.github.lbkit.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A client, classic or asynchronous, as the laws of balancing see it. */
interface ClientUnderTest extends AutoCloseable {
    /** A request; an empty body is none. */
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

    /** Sends, and reads the response to its end. */
    CompletableFuture<Answer> begin(Ask ask);

    /** Begins a request and gives it up once this has come to pass. */
    void cancelAfter(Ask ask, Runnable passed);

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

    /** What the client does besides balancing. */
    record Options(int responseTimeoutMillis, List<String> proxy, TestCertificates trusted) {
        static final Options NONE = new Options(20_000, List.of(), TestCertificates.NONE);
    }
}
