package io.github.lbkit.examples.analysis;

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

/** Calls a balancer's reserved paths. Thread-safe. */
final class SeedClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;

    private final Optional<String> token;

    SeedClient(InetSocketAddress address) {
        this(address, Optional.empty());
    }

    SeedClient(InetSocketAddress address, Optional<String> token) {
        this.token = token;
        String host = address.getHostString();
        base = "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** An answer, whatever its status. */
    @SuppressWarnings("ArrayRecordComponent") // bodies pass through once, uncompared
    record Answer(int status, String type, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    Answer send(String method, String target, String body) throws IOException, InterruptedException {
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

    /** The desired servers in order of joining. */
    List<String> servers() throws IOException, InterruptedException {
        List<String> servers = new ArrayList<>();
        if (message(send("GET", "/rep", "")).get("replicas") instanceof List<?> replicas) {
            replicas.forEach(id -> servers.add(String.valueOf(id)));
        }
        return servers;
    }

    void add(String id) throws IOException, InterruptedException {
        message(send("POST", "/add", "{\"n\":1,\"hostnames\":[\"" + id + "\"]}"));
    }

    void remove(String id) throws IOException, InterruptedException {
        message(send("DELETE", "/rm", "{\"n\":1,\"hostnames\":[\"" + id + "\"]}"));
    }

    /** The share of all keys that each server owns, as the plan of a change tells it; nothing changes. */
    Optional<Map<String, Double>> shares() throws IOException, InterruptedException {
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
