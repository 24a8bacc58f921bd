package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.internal.engine.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The specification of a pool's containers in the terms of the engine's API, with its hash. Immutable. */
final class ContainerSpec {
    private final DockerOptions options;
    private final String pool;
    private final String hash;

    ContainerSpec(DockerOptions options, String pool) {
        this(options, pool, options.hash());
    }

    private ContainerSpec(DockerOptions options, String pool, String hash) {
        this.options = options;
        this.pool = pool;
        this.hash = hash;
    }

    /** Returns this spec, under the same hash, with containers that are created from the image with this id. */
    ContainerSpec withImageId(String imageId) {
        return new ContainerSpec(options.withImageId(imageId), pool, hash);
    }

    String hash() {
        return hash;
    }

    DockerOptions options() {
        return options;
    }

    /** The port inside the container in the engine's form, such as {@code 80/tcp}. */
    String containerPort() {
        return options.port() + "/tcp";
    }

    /**
     * Returns the name of the container for this request. It contains the pool's name, so that it is unique on the
     * engine.
     */
    String containerName(LaunchRequest request) {
        return request.name() + "." + pool;
    }

    /** Returns the body of the engine's create call. */
    Json createBody(LaunchRequest request, String creator) {
        Map<String, Object> labels = new TreeMap<>(options.labels());
        request.labels().forEach((name, value) -> labels.put(Labels.SERVER + name, value));
        labels.put(Labels.POOL, pool);
        labels.put(Labels.ID, request.id());
        labels.put(Labels.PORT, String.valueOf(options.port()));
        options.network().ifPresent(network -> labels.put(Labels.NETWORK, network));
        labels.put(Labels.GENERATION, String.valueOf(request.generation()));
        labels.put(Labels.NAME, request.name());
        labels.put(Labels.SPEC, hash);
        labels.put(Labels.IMAGE, options.image());
        options.imageId().ifPresent(id -> labels.put(Labels.IMAGE_ID, id));
        labels.put(Labels.CREATOR, creator);
        Json body = template().with(labels, "Labels").with(environment(request), "Env");
        return options.command().isEmpty()
                ? body
                : body.with(
                        options.command().stream()
                                .map(word -> replacePlaceholders(word, request))
                                .toList(),
                        "Cmd");
    }

    private Json template() {
        try {
            return Json.parse(options.toJson());
        } catch (IOException e) {
            throw new UncheckedIOException("the JSON of container options cannot be parsed", e);
        }
    }

    private List<String> environment(LaunchRequest request) {
        List<String> lines = new ArrayList<>();
        options.environment().forEach((name, value) -> lines.add(name + "=" + replacePlaceholders(value, request)));
        return lines;
    }

    private static String replacePlaceholders(String text, LaunchRequest request) {
        return text.replace("{name}", request.name())
                .replace("{generation}", String.valueOf(request.generation()))
                .replace("{id}", request.id());
    }
}
