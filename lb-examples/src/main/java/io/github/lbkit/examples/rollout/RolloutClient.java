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

/** A client for the rollouts of a running balancer, through its admin listener. Thread-safe. */
final class RolloutClient {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI rollout;
    private final Optional<String> token;

    /**
     * Creates a client; sends no request yet.
     *
     * @throws IllegalArgumentException if the address is not {@code http://host:port}
     */
    RolloutClient(String admin, Optional<String> token) {
        URI parsed = URI.create(admin);
        if (!"http".equals(parsed.getScheme())
                || parsed.getHost() == null
                || !parsed.getPath().matches("/?")) {
            throw new IllegalArgumentException(
                    "--admin '" + admin + "' is not allowed; allowed: http://HOST:PORT, such as http://127.0.0.1:7433");
        }
        this.rollout = parsed.resolve("/rollout");
        this.token = token;
    }

    /** A refusal by the balancer, with the message of the balancer. */
    static final class RefusedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Starts a rollout with this request body. */
    RolloutView begin(Map<String, Object> body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(rollout)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(written(body))));
    }

    /** Returns the progress of the last rollout. */
    RolloutView latest() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(rollout));
    }

    private static String written(Map<String, Object> body) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> field : body.entrySet()) {
                json.writeFieldName(field.getKey());
                if (field.getValue() instanceof List<?> words) {
                    json.writeStartArray();
                    for (Object word : words) {
                        json.writeString(word.toString());
                    }
                    json.writeEndArray();
                } else if (field.getValue() instanceof Integer number) {
                    json.writeNumber(number);
                } else if (field.getValue() instanceof Boolean truth) {
                    json.writeBoolean(truth);
                } else {
                    json.writeString(field.getValue().toString());
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
        String message = read instanceof Map<?, ?> error && error.containsKey("message")
                ? String.valueOf(error.get("message"))
                : response.statusCode() + " " + response.body();
        if (response.statusCode() >= 400 && response.statusCode() < 500) {
            throw new RefusedException(message);
        }
        throw new IOException(rollout + " answered " + message);
    }
}
