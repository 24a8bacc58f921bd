package io.github.lbkit.examples.rollout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.examples.json.JsonTree;
import java.io.IOException;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Talks to the admin listener of a running balancer about its rollouts. Thread-safe. */
final class RolloutClient {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI rollout;
    private final Optional<String> token;

    /**
     * Nothing is asked yet.
     *
     * @throws IllegalArgumentException if the address is not {@code http://host:port}
     */
    RolloutClient(String admin, Optional<String> token) {
        URI parsed = URI.create(admin);
        if (!"http".equals(parsed.getScheme())
                || parsed.getHost() == null
                || !parsed.getPath().matches("/?")) {
            throw new IllegalArgumentException(
                    "--admin '" + admin + "' is not allowed; allowed: such as http://127.0.0.1:7433");
        }
        this.rollout = parsed.resolve("/rollout");
        this.token = token;
    }

    /** The balancer refuses what it is asked; the message is its own. */
    static final class RefusedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** What is to be rolled out, as the keys of the request's body. */
    RolloutView begin(Map<String, Object> what) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(rollout)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(written(what))));
    }

    /** How far the last one is. */
    RolloutView latest() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(rollout));
    }

    private static String written(Map<String, Object> what) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> one : what.entrySet()) {
                json.writeFieldName(one.getKey());
                if (one.getValue() instanceof List<?> words) {
                    json.writeStartArray();
                    for (Object word : words) {
                        json.writeString(word.toString());
                    }
                    json.writeEndArray();
                } else if (one.getValue() instanceof Integer number) {
                    json.writeNumber(number);
                } else if (one.getValue() instanceof Boolean truth) {
                    json.writeBoolean(truth);
                } else {
                    json.writeString(one.getValue().toString());
                }
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private RolloutView send(HttpRequest.Builder request) throws IOException, InterruptedException {
        token.ifPresent(word -> request.header("Authorization", "Bearer " + word));
        HttpResponse<String> response;
        try {
            response = client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException("no balancer answers at " + rollout + "; --admin names its admin listener", e);
        }
        Object read;
        try {
            read = JsonTree.read(response.body());
        } catch (IOException e) {
            read = Map.of();
        }
        if (read instanceof Map<?, ?> answer && answer.containsKey("state")) {
            return RolloutView.of(answer);
        }
        String said = read instanceof Map<?, ?> error && error.containsKey("message")
                ? String.valueOf(error.get("message"))
                : response.statusCode() + " " + response.body();
        if (response.statusCode() >= 400 && response.statusCode() < 500) {
            throw new RefusedException(said);
        }
        throw new IOException(rollout + " answered " + said);
    }
}
