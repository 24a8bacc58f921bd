package io.github.lbkit.examples.analysis.subject;

import io.github.lbkit.examples.json.JsonTree;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A client of the reserved paths of a balancer. Thread-safe. */
public final class ReservedPathsClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;

    private final Optional<String> token;

    /** Creates a client without a token. */
    public ReservedPathsClient(InetSocketAddress address) {
        this(address, Optional.empty());
    }

    /** Creates a client. */
    public ReservedPathsClient(InetSocketAddress address, Optional<String> token) {
        this.token = token;
        String host = address.getHostString();
        base = "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** An answer with any status. */
    @SuppressWarnings("ArrayRecordComponent") // bodies are used once and not compared
    public record Answer(int status, String type, byte[] body) {
        /** Returns the body as UTF-8 text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Sends a request; the body is JSON, or empty for a request without a body. */
    public Answer send(String method, String target, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + target))
                .timeout(TIMEOUT)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        token.ifPresent(word -> request.header("Authorization", "Bearer " + word));
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    /** Returns the desired servers in order of joining. */
    public List<String> servers() throws IOException, InterruptedException {
        List<String> servers = new ArrayList<>();
        if (message(send("GET", "/rep", "")).get("replicas") instanceof List<?> replicas) {
            replicas.forEach(id -> servers.add(String.valueOf(id)));
        }
        return servers;
    }

    /** Adds a server. */
    public void add(String id) throws IOException, InterruptedException {
        message(send("POST", "/add", "{\"n\":1,\"hostnames\":[\"" + id + "\"]}"));
    }

    /** Removes a server. */
    public void remove(String id) throws IOException, InterruptedException {
        message(send("DELETE", "/rm", "{\"n\":1,\"hostnames\":[\"" + id + "\"]}"));
    }

    /** Returns the share of all keys of each server, from the plan of a change that is not carried out. */
    public Optional<Map<String, Double>> shares() throws IOException, InterruptedException {
        Answer planned = send("POST", "/add?dryRun=true", "");
        if (planned.status() != 200 || !(message(planned).get("plan") instanceof Map<?, ?> plan)) {
            return Optional.empty();
        }
        Map<String, Double> shares = new LinkedHashMap<>();
        if (plan.get("before") instanceof Map<?, ?> before) {
            before.forEach((id, share) -> shares.put(String.valueOf(id), Double.parseDouble(String.valueOf(share))));
        }
        return Optional.of(shares);
    }

    private static Map<?, ?> message(Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException("the balancer answered " + answer.status() + ": " + answer.text());
        }
        if (JsonTree.read(answer.text()) instanceof Map<?, ?> all && all.get("message") instanceof Map<?, ?> message) {
            return message;
        }
        throw new IOException("the balancer's answer has no message: " + answer.text());
    }
}
