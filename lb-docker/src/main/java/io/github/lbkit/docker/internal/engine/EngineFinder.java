package io.github.lbkit.docker.internal.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The search for the engine's address in the order of Docker's command line: {@code DOCKER_HOST} with {@code
 * DOCKER_TLS_VERIFY} and {@code DOCKER_CERT_PATH}; else the context of {@code DOCKER_CONTEXT} or of the configuration
 * file; else the default socket. Immutable.
 */
public final class EngineFinder {
    private final Map<String, String> environment;
    private final Path home;

    private EngineFinder(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    /** Returns a search in this process's environment and its user's home directory. */
    public static EngineFinder ofThisProcess() {
        return new EngineFinder(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** Returns a search in this environment and home directory. */
    static EngineFinder of(Map<String, String> environment, Path home) {
        return new EngineFinder(Map.copyOf(environment), home);
    }

    /**
     * Returns the engine's address.
     *
     * @throws IllegalArgumentException if the configuration is invalid; the message names the variable or file
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
        String id = Sha256.hex(context);
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
        boolean verify = !endpoint.at("SkipTLSVerify").bool(false);
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
}
