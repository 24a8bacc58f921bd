package io.github.lbkit.docker;

import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.internal.settings.SettingChecks;
import io.github.lbkit.docker.internal.settings.VisibleOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values behind {@link DockerOptions} and its builder, with their range checks and their form in the engine's API.
 * Not thread-safe while it is filled; {@link DockerOptions} never changes its own copy.
 */
final class ContainerSettings {
    private static final long MIN_MEMORY = 6L << 20;

    final String image;
    final int port;

    @Nullable
    String imageId;

    List<String> command = List.of();
    Map<String, String> environment = Map.of();

    @Nullable
    String network;

    OptionalLong memory = OptionalLong.empty();
    OptionalDouble cpus = OptionalDouble.empty();
    boolean readOnlyRoot;
    List<String> capabilities = List.of();

    @Nullable
    String user;

    @Nullable
    String workingDirectory;

    List<DockerMount> mounts = List.of();

    @Nullable
    String logDriver;

    Map<String, String> logOptions = Map.of();
    Map<String, String> labels = Map.of();

    @Nullable
    String stopSignal;

    boolean healthCheck = true;
    DockerOptions.Pull pull = DockerOptions.Pull.NEVER;
    Duration pullTimeout = Duration.ofMinutes(5);

    @Nullable
    String engine;

    ContainerSettings(String image, int port) {
        if (!image.matches("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}")) {
            throw new IllegalArgumentException("image '" + image + "' is not the name of an image");
        }
        this.image = image;
        this.port = SettingChecks.port("port", port);
    }

    /** Returns a copy with another image, whose id is not known. */
    ContainerSettings copy(String otherImage) {
        ContainerSettings copy = new ContainerSettings(otherImage, port);
        copy.command = command;
        copy.environment = environment;
        copy.network = network;
        copy.memory = memory;
        copy.cpus = cpus;
        copy.readOnlyRoot = readOnlyRoot;
        copy.capabilities = capabilities;
        copy.user = user;
        copy.workingDirectory = workingDirectory;
        copy.mounts = mounts;
        copy.logDriver = logDriver;
        copy.logOptions = logOptions;
        copy.labels = labels;
        copy.stopSignal = stopSignal;
        copy.healthCheck = healthCheck;
        copy.pull = pull;
        copy.pullTimeout = pullTimeout;
        copy.engine = engine;
        return copy;
    }

    void imageId(String id) {
        if (!id.matches("(sha256:)?[0-9a-f]{12,64}")) {
            throw new IllegalArgumentException("image id '" + id + "' is not sha256: and hexadecimal digits");
        }
        imageId = id.startsWith("sha256:") ? id : "sha256:" + id;
    }

    void addEnvironment(String name, String value) {
        if (name.isBlank() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is not the name of an environment variable");
        }
        environment = plus(environment, name, value);
    }

    void memory(long bytes) {
        if (bytes < MIN_MEMORY) {
            throw new IllegalArgumentException("memory " + bytes + " is not 6291456 (6 MiB) or more");
        }
        memory = OptionalLong.of(bytes);
    }

    void cpus(double value) {
        if (!(value >= 0.01 && value <= 1024)) {
            throw new IllegalArgumentException("cpus " + value + " is not within 0.01 to 1024");
        }
        cpus = OptionalDouble.of(value);
    }

    void capabilities(List<String> names) {
        names.forEach(name -> {
            if (!name.matches("[A-Z_]+")) {
                throw new IllegalArgumentException("capability '" + name + "' is not a name such as NET_ADMIN");
            }
        });
        capabilities = List.copyOf(names);
    }

    void workingDirectory(String path) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("workdir '" + VisibleOutput.of(path) + "' is not an absolute path");
        }
        workingDirectory = path;
    }

    void addMount(DockerMount mount) {
        if (mounts.stream().anyMatch(other -> other.target().equals(mount.target()))) {
            throw new IllegalArgumentException("mount: target " + mount.target() + " is given twice");
        }
        List<DockerMount> more = new ArrayList<>(mounts);
        more.add(mount);
        mounts = List.copyOf(more);
    }

    void log(String driver, Map<String, String> driverOptions) {
        if (!driver.matches("[a-zA-Z0-9][a-zA-Z0-9_./:-]{0,127}")) {
            throw new IllegalArgumentException(
                    "log driver '" + VisibleOutput.of(driver) + "' is not the name of a driver such as json-file");
        }
        driverOptions.keySet().forEach(name -> SettingChecks.word("log option", name));
        logDriver = driver;
        logOptions = Map.copyOf(driverOptions);
    }

    void addLabel(String name, String value) {
        if (name.isBlank() || name.startsWith("lbkit.")) {
            throw new IllegalArgumentException(
                    "label '" + name + "' is empty or begins with lbkit., which is reserved");
        }
        labels = plus(labels, name, value);
    }

    void stopSignal(String value) {
        if (!value.matches("(SIG)?[A-Z][A-Z0-9]{1,9}([+-][0-9]{1,2})?|[1-9][0-9]?")) {
            throw new IllegalArgumentException(
                    "stop signal '" + VisibleOutput.of(value) + "' is not a signal such as SIGQUIT, or its number");
        }
        stopSignal = value;
    }

    void pullTimeout(Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("pullTimeout " + value + " is not within 1 second to 1 day");
        }
        pullTimeout = value;
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> more = new TreeMap<>(map);
        more.put(name, value);
        return Collections.unmodifiableMap(more);
    }

    /**
     * Returns the body of the engine's create call, without the values that differ between servers. The order of the
     * fields is fixed, since the hash of a spec is computed from this text.
     */
    Json createBody() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Image", imageId == null ? image : imageId);
        if (!command.isEmpty()) {
            body.put("Cmd", command);
        }
        body.put("Env", new TreeMap<>(environment));
        body.put("Labels", new TreeMap<>(labels));
        body.put("ExposedPorts", Map.of(port + "/tcp", Map.of()));
        putIfSet(body, "User", user);
        putIfSet(body, "WorkingDir", workingDirectory);
        putIfSet(body, "StopSignal", stopSignal);
        if (!healthCheck) {
            body.put("Healthcheck", Map.of("Test", List.of("NONE")));
        }
        body.put("HostConfig", hostConfig());
        return Json.of(body);
    }

    private static void putIfSet(Map<String, Object> body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private Map<String, Object> hostConfig() {
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("RestartPolicy", new TreeMap<>(Map.of("Name", "no")));
        host.put("CapDrop", List.of("ALL"));
        host.put("CapAdd", capabilities);
        host.put("SecurityOpt", List.of("no-new-privileges"));
        if (readOnlyRoot) {
            host.put("ReadonlyRootfs", true);
            if (mounts.stream().noneMatch(mount -> mount.target().equals("/tmp"))) {
                host.put("Tmpfs", Map.of("/tmp", "rw,noexec,nosuid,size=16m"));
            }
        }
        if (!mounts.isEmpty()) {
            host.put("Mounts", mounts.stream().map(ContainerSettings::mount).toList());
        }
        memory.ifPresent(bytes -> {
            host.put("Memory", bytes);
            host.put("MemorySwap", bytes); // the sum of memory and swap: no swap
        });
        cpus.ifPresent(value -> host.put("NanoCpus", Math.round(value * 1e9)));
        if (logDriver != null) {
            Map<String, Object> log = new LinkedHashMap<>();
            log.put("Type", logDriver);
            log.put("Config", new TreeMap<>(logOptions));
            host.put("LogConfig", log);
        }
        if (network != null) {
            host.put("NetworkMode", network);
        } else {
            Map<String, Object> loopback = new LinkedHashMap<>();
            loopback.put("HostIp", "127.0.0.1");
            loopback.put("HostPort", "");
            host.put("PortBindings", Map.of(port + "/tcp", List.of(loopback)));
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
}
