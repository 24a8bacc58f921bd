package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.docker.DockerMount;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.internal.engine.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the containers of a pool are made of, in the engine's words; a value with a hash. Immutable. */
public final class ContainerSpec {
    private final DockerOptions options;
    private final String pool;
    private final String hash;

    ContainerSpec(DockerOptions options, String pool) {
        this(options, pool, hash(options));
    }

    private ContainerSpec(DockerOptions options, String pool, String hash) {
        this.options = options;
        this.pool = pool;
        this.hash = hash;
    }

    /** The same spec under the same hash, whose containers are made of the image with this id. */
    ContainerSpec of(String imageId) {
        return new ContainerSpec(options.withImageId(imageId), pool, hash);
    }

    /** Names all that a container of these options is made of, whatever its server and its pool. */
    public static String hash(DockerOptions options) {
        return sha256(template(options).toString());
    }

    String hash() {
        return hash;
    }

    DockerOptions options() {
        return options;
    }

    String containerPort() {
        return containerPort(options);
    }

    private static String containerPort(DockerOptions options) {
        return options.port() + "/tcp";
    }

    /** What the container of this request is called: unique on the engine, since the pool's name is in it. */
    String containerName(LaunchRequest request) {
        return request.name() + "." + pool;
    }

    /** The body of the call that creates a container. */
    Json body(LaunchRequest request, String creator) {
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
        Json body = template(options).with(labels, "Labels").with(environment(request), "Env");
        return options.command().isEmpty()
                ? body
                : body.with(
                        options.command().stream()
                                .map(word -> filled(word, request))
                                .toList(),
                        "Cmd");
    }

    /** All that is the same for every container of this spec. */
    private static Json template(DockerOptions options) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Image", options.imageId().orElse(options.image()));
        if (!options.command().isEmpty()) {
            body.put("Cmd", options.command());
        }
        body.put("Env", new TreeMap<>(options.environment()));
        body.put("Labels", new TreeMap<>(options.labels()));
        body.put("ExposedPorts", Map.of(containerPort(options), Map.of()));
        options.user().ifPresent(user -> body.put("User", user));
        options.workingDirectory().ifPresent(path -> body.put("WorkingDir", path));
        options.stopSignal().ifPresent(signal -> body.put("StopSignal", signal));
        if (!options.healthCheck()) {
            body.put("Healthcheck", Map.of("Test", List.of("NONE")));
        }
        body.put("HostConfig", host(options));
        return Json.of(body);
    }

    private static Map<String, Object> host(DockerOptions options) {
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("RestartPolicy", new TreeMap<>(Map.of("Name", "no")));
        host.put("CapDrop", List.of("ALL"));
        host.put("CapAdd", options.capabilities());
        host.put("SecurityOpt", List.of("no-new-privileges"));
        if (options.readOnlyRoot()) {
            host.put("ReadonlyRootfs", true);
            if (options.mounts().stream().noneMatch(mount -> mount.target().equals("/tmp"))) {
                host.put("Tmpfs", Map.of("/tmp", "rw,noexec,nosuid,size=16m"));
            }
        }
        if (!options.mounts().isEmpty()) {
            host.put(
                    "Mounts",
                    options.mounts().stream().map(ContainerSpec::mount).toList());
        }
        options.memory().ifPresent(bytes -> {
            host.put("Memory", bytes);
            host.put("MemorySwap", bytes); // the sum of both: no swap
        });
        options.cpus().ifPresent(cpus -> host.put("NanoCpus", Math.round(cpus * 1e9)));
        options.logDriver().ifPresent(driver -> {
            Map<String, Object> log = new LinkedHashMap<>();
            log.put("Type", driver);
            log.put("Config", new TreeMap<>(options.logOptions()));
            host.put("LogConfig", log);
        });
        if (options.network().isPresent()) {
            host.put("NetworkMode", options.network().get());
        } else {
            Map<String, Object> loopback = new LinkedHashMap<>();
            loopback.put("HostIp", "127.0.0.1");
            loopback.put("HostPort", "");
            host.put("PortBindings", Map.of(containerPort(options), List.of(loopback)));
        }
        return host;
    }

    private static Map<String, Object> mount(DockerMount mount) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("Type", mount.type().name().toLowerCase(Locale.ROOT));
        if (!mount.source().isEmpty()) {
            json.put("Source", mount.source());
        }
        json.put("Target", mount.target());
        json.put("ReadOnly", mount.readOnly());
        mount.size().ifPresent(bytes -> json.put("TmpfsOptions", Map.of("SizeBytes", bytes)));
        return json;
    }

    private List<String> environment(LaunchRequest request) {
        List<String> lines = new ArrayList<>();
        options.environment().forEach((name, value) -> lines.add(name + "=" + filled(value, request)));
        return lines;
    }

    private static String filled(String text, LaunchRequest request) {
        return text.replace("{name}", request.name())
                .replace("{generation}", String.valueOf(request.generation()))
                .replace("{id}", request.id());
    }

    private static String sha256(String text) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
