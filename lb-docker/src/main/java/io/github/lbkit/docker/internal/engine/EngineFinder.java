package io.github.lbkit.docker.internal.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the engine as Docker's own command line does: {@code DOCKER_HOST} with {@code DOCKER_TLS_VERIFY} and {@code
 * DOCKER_CERT_PATH}; else the context of {@code DOCKER_CONTEXT} or of the configuration file; else the usual socket.
 * Immutable.
 */
public final class EngineFinder {
    private final Map<String, String> environment;
    private final Path home;

    private EngineFinder(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    /** Looks at this process's environment and its user's home. */
    public static EngineFinder here() {
        return new EngineFinder(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** Looks at these. */
    static EngineFinder of(Map<String, String> environment, Path home) {
        return new EngineFinder(Map.copyOf(environment), home);
    }

    /**
     * The engine's address.
     *
     * @throws IllegalArgumentException if what was configured is wrong; the message names where it stands
     */
    public EngineAddress find() {
        Optional<String> host = variable("DOCKER_HOST");
        if (host.isPresent()) {
            return byHost(host.get());
        }
        String context = variable("DOCKER_CONTEXT").or(this::configuredContext).orElse("default");
        return context.equals("default") ? EngineAddress.DEFAULT : byContext(context);
    }

    private EngineAddress byHost(String host) {
        EngineAddress address = EngineAddress.of(host);
        boolean verify =
                variable("DOCKER_TLS_VERIFY").filter(v -> !v.equals("0")).isPresent();
        if (address.unix() || (!verify && variable("DOCKER_TLS").isEmpty())) {
            return address;
        }
        Path certificates = variable("DOCKER_CERT_PATH").map(Path::of).orElseGet(this::dockerDirectory);
        return new EngineAddress(address.uri(), Optional.of(certificates), verify);
    }

    private EngineAddress byContext(String context) {
        String id = sha256(context);
        Path contexts = dockerDirectory().resolve("contexts");
        Path meta = contexts.resolve("meta").resolve(id).resolve("meta.json");
        Json endpoint = read(meta)
                .orElseThrow(() -> new IllegalArgumentException(
                        "Docker context '" + context + "' is unknown: there is no " + meta))
                .at("Endpoints", "docker");
        String host = endpoint.at("Host")
                .text()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Docker context '" + context + "' names no engine: " + meta + " has no Endpoints.docker.Host"));
        EngineAddress address = EngineAddress.of(host);
        Path certificates = contexts.resolve("tls").resolve(id).resolve("docker");
        if (address.unix() || !Files.isDirectory(certificates)) {
            return address;
        }
        boolean verify = !endpoint.at("SkipTLSVerify").truth(false);
        return new EngineAddress(address.uri(), Optional.of(certificates), verify);
    }

    private Optional<String> configuredContext() {
        return read(dockerDirectory().resolve("config.json"))
                .flatMap(config -> config.at("currentContext").text());
    }

    private Path dockerDirectory() {
        return variable("DOCKER_CONFIG").map(Path::of).orElse(home.resolve(".docker"));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Json> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.parse(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
