package io.github.lbkit.docker;

import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.docker.internal.settings.EnvironmentFile;
import io.github.lbkit.docker.internal.settings.VisibleOutput;
import io.github.lbkit.docker.internal.container.ContainerSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DockerLauncher} makes containers of, and which engine it asks. Immutable.
 *
 * <p>In each part of the command and in each value of the environment, {@code {id}}, {@code {name}} and {@code
 * {generation}} stand for the server's id, the instance's name and its generation. A container gets no capabilities and
 * no new privileges unless told otherwise, and its port is published on 127.0.0.1 alone, or not at all if the balancer
 * shares a network with it.
 */
public final class DockerOptions implements LaunchSpec {
    /** When an image is pulled. */
    public enum Pull {
        /** Never: an image that the engine does not have is an error. */
        NEVER,
        /** When the engine does not have it. */
        MISSING,
        /** Once, before the first container. */
        ALWAYS
    }

    private final Builder settings;

    private DockerOptions(Builder settings) {
        this.settings = settings;
    }

    /**
     * Options for containers of this image that listen on this port.
     *
     * @param image a name that the engine knows, with a tag or digest if it has one
     * @param port inside of the container, 1 to 65535
     */
    public static Builder image(String image, int port) {
        return new Builder(image, port);
    }

    /** The image. */
    public String image() {
        return settings.image;
    }

    /**
     * The id of the image, such as {@code sha256:…}; empty as long as the name has not been resolved. Containers of options
     * with an id are made of that image, whatever the name stands for when they are made.
     */
    public Optional<String> imageId() {
        return Optional.ofNullable(settings.imageId);
    }

    /** The port inside of the container. */
    public int port() {
        return settings.port;
    }

    /** What runs; empty for what the image says. */
    public List<String> command() {
        return settings.command;
    }

    /** Its environment, beyond what the image says. */
    public Map<String, String> environment() {
        return settings.environment;
    }

    /** The network on which the balancer reaches the containers; empty if it reaches them by published ports. */
    public Optional<String> network() {
        return Optional.ofNullable(settings.network);
    }

    /** The most memory, in bytes. */
    public OptionalLong memory() {
        return settings.memory;
    }

    /** The most processors. */
    public OptionalDouble cpus() {
        return settings.cpus;
    }

    /** Whether the root file system is read-only. */
    public boolean readOnlyRoot() {
        return settings.readOnlyRoot;
    }

    /** The capabilities that are left. */
    public List<String> capabilities() {
        return settings.capabilities;
    }

    /** The user, as Docker writes it; empty for what the image says. */
    public Optional<String> user() {
        return Optional.ofNullable(settings.user);
    }

    /** The directory in which the command runs; empty for what the image says. */
    public Optional<String> workingDirectory() {
        return Optional.ofNullable(settings.workingDirectory);
    }

    /** What the container sees of the host, of volumes and of memory, in the order in which it was added. */
    public List<DockerMount> mounts() {
        return settings.mounts;
    }

    /** The log driver; empty for the engine's own. */
    public Optional<String> logDriver() {
        return Optional.ofNullable(settings.logDriver);
    }

    /** Options of the log driver. */
    public Map<String, String> logOptions() {
        return settings.logOptions;
    }

    /** Labels beside those that pools need. */
    public Map<String, String> labels() {
        return settings.labels;
    }

    /** The signal that asks the process to stop; empty for what the image says. */
    public Optional<String> stopSignal() {
        return Optional.ofNullable(settings.stopSignal);
    }

    /** Whether the image's HEALTHCHECK, if it has one, is waited for and believed. */
    public boolean healthCheck() {
        return settings.healthCheck;
    }

    /** When the image is pulled. */
    public Pull pull() {
        return settings.pull;
    }

    /** How long a pull may take. */
    public Duration pullTimeout() {
        return settings.pullTimeout;
    }

    /** The engine's address; empty to find it as Docker's command line does. */
    public Optional<String> engine() {
        return Optional.ofNullable(settings.engine);
    }

    /**
     * Names all that a container is made of; when an image is pulled, and from where, is not part of it. Of an image with
     * an id the id counts, and its name does not.
     */
    @Override
    public String hash() {
        return ContainerSpec.hash(this);
    }

    /** The same with another image, whose name is not resolved yet: what a rolling update is made of. */
    public DockerOptions withImage(String image) {
        return new DockerOptions(new Builder(settings, image));
    }

    /**
     * The same with the image of this id.
     *
     * @param id as the engine writes it
     */
    public DockerOptions withImageId(String id) {
        Builder resolved = new Builder(settings, settings.image);
        resolved.imageId = Builder.imageId(id);
        return new DockerOptions(resolved);
    }

    @Override
    public String toString() {
        return "image " + image()
                + imageId().map(id -> " (" + shortId(id) + ")").orElse("") + ", port " + port()
                + (command().isEmpty() ? "" : ", command " + command());
    }

    /** The id as people compare it: the first twelve digits. */
    static String shortId(String id) {
        String digits = id.substring(id.indexOf(':') + 1);
        return digits.substring(0, Math.min(12, digits.length()));
    }

    /** Collects the options; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private final String image;
        private final int port;
        private @Nullable String imageId;
        private List<String> command = List.of();
        private Map<String, String> environment = Map.of();
        private @Nullable String network;
        private OptionalLong memory = OptionalLong.empty();
        private OptionalDouble cpus = OptionalDouble.empty();
        private boolean readOnlyRoot;
        private List<String> capabilities = List.of();
        private @Nullable String user;
        private @Nullable String workingDirectory;
        private List<DockerMount> mounts = List.of();
        private @Nullable String logDriver;
        private Map<String, String> logOptions = Map.of();
        private Map<String, String> labels = Map.of();
        private @Nullable String stopSignal;
        private boolean healthCheck = true;
        private Pull pull = Pull.NEVER;
        private Duration pullTimeout = Duration.ofMinutes(5);
        private @Nullable String engine;

        private Builder(String image, int port) {
            if (!image.matches("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}")) {
                throw new IllegalArgumentException("image '" + image + "' is not the name of an image");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
            }
            this.image = image;
            this.port = port;
        }

        private Builder(Builder from, String image) {
            this(image, from.port);
            command = from.command;
            environment = from.environment;
            network = from.network;
            memory = from.memory;
            cpus = from.cpus;
            readOnlyRoot = from.readOnlyRoot;
            capabilities = from.capabilities;
            user = from.user;
            workingDirectory = from.workingDirectory;
            mounts = from.mounts;
            logDriver = from.logDriver;
            logOptions = from.logOptions;
            labels = from.labels;
            stopSignal = from.stopSignal;
            healthCheck = from.healthCheck;
            pull = from.pull;
            pullTimeout = from.pullTimeout;
            engine = from.engine;
        }

        /** What runs in the container, in place of the image's own command. */
        public Builder command(List<String> words) {
            command = List.copyOf(words);
            return this;
        }

        /** Adds to the environment. */
        public Builder environment(String name, String value) {
            if (name.isBlank() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + name + "' is not the name of an environment variable");
            }
            environment = plus(environment, name, value);
            return this;
        }

        /**
         * A network that exists, on which the balancer reaches the containers by their own addresses: for a balancer
         * that runs in a container itself. By default their port is published on 127.0.0.1.
         */
        public Builder network(String name) {
            network = word("network", name);
            return this;
        }

        /** The most memory, in bytes, 6 MiB or more; without a limit by default. What takes more is killed. */
        public Builder memory(long bytes) {
            if (bytes < 6L << 20) {
                throw new IllegalArgumentException("memory " + bytes + " is not 6291456 (6 MiB) or more");
            }
            memory = OptionalLong.of(bytes);
            return this;
        }

        /** The most processors, such as 0.5; without a limit by default. */
        public Builder cpus(double value) {
            if (!(value >= 0.01 && value <= 1024)) {
                throw new IllegalArgumentException("cpus " + value + " is not within 0.01 to 1024");
            }
            cpus = OptionalDouble.of(value);
            return this;
        }

        /** Whether the root file system is read-only; {@code /tmp} is then in memory. No by default. */
        public Builder readOnlyRoot(boolean value) {
            readOnlyRoot = value;
            return this;
        }

        /** Capabilities that the process needs, such as {@code NET_BIND_SERVICE}; none by default. */
        public Builder capabilities(List<String> names) {
            names.forEach(name -> {
                if (!name.matches("[A-Z_]+")) {
                    throw new IllegalArgumentException("capability '" + name + "' is not a name such as NET_ADMIN");
                }
            });
            capabilities = List.copyOf(names);
            return this;
        }

        /** The user, {@code uid}, {@code uid:gid} or a name; the image's by default. */
        public Builder user(String value) {
            user = word("user", value);
            return this;
        }

        /** The directory in which the command runs, an absolute path; the image's by default. */
        public Builder workingDirectory(String path) {
            if (!path.startsWith("/") || path.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new IllegalArgumentException("workdir '" + VisibleOutput.of(path) + "' is not an absolute path");
            }
            workingDirectory = path;
            return this;
        }

        /** Adds a mount; two mounts with one target are refused. */
        public Builder mount(DockerMount mount) {
            if (mounts.stream().anyMatch(one -> one.target().equals(mount.target()))) {
                throw new IllegalArgumentException("mount: target " + mount.target() + " stands twice");
            }
            List<DockerMount> more = new ArrayList<>(mounts);
            more.add(mount);
            mounts = List.copyOf(more);
            return this;
        }

        /**
         * Adds the variables of a file to the environment: a line {@code NAME=VALUE} each, taken as it is; empty lines and
         * lines that begin with {@code #} are left out. The file is read now, on the balancer's machine.
         *
         * @throws IllegalArgumentException if it cannot be read, or a line is something else; the message names the line by
         *     its number, never by its content
         */
        public Builder environmentFile(Path file) {
            EnvironmentFile.read(file).forEach(this::environment);
            return this;
        }

        /** The log driver and its options; the engine's own by default. */
        public Builder log(String driver, Map<String, String> options) {
            if (!driver.matches("[a-zA-Z0-9][a-zA-Z0-9_./:-]{0,127}")) {
                throw new IllegalArgumentException(
                        "log driver '" + VisibleOutput.of(driver) + "' is not the name of a driver such as json-file");
            }
            options.keySet().forEach(name -> word("log option", name));
            logDriver = driver;
            logOptions = Map.copyOf(options);
            return this;
        }

        /** Adds a label; names that begin with {@code lbkit.} are refused. */
        public Builder label(String name, String value) {
            if (name.isBlank() || name.startsWith("lbkit.")) {
                throw new IllegalArgumentException(
                        "label '" + name + "' is empty or begins with lbkit., which is ours");
            }
            labels = plus(labels, name, value);
            return this;
        }

        /** The signal that asks the process to stop, such as {@code SIGQUIT}; the image's by default. */
        public Builder stopSignal(String value) {
            if (!value.matches("(SIG)?[A-Z][A-Z0-9]{1,9}([+-][0-9]{1,2})?|[1-9][0-9]?")) {
                throw new IllegalArgumentException(
                        "stop signal '" + VisibleOutput.of(value) + "' is not a signal such as SIGQUIT, or its number");
            }
            stopSignal = value;
            return this;
        }

        /**
         * Whether the image's HEALTHCHECK, if it has one, is waited for before the container serves, and believed when
         * it fails. Yes by default.
         */
        public Builder healthCheck(boolean value) {
            healthCheck = value;
            return this;
        }

        /** When the image is pulled; {@link Pull#NEVER} by default. From registries that want no login. */
        public Builder pull(Pull value) {
            pull = value;
            return this;
        }

        /** How long a pull may take, 1 second to a day; 5 minutes by default. */
        public Builder pullTimeout(Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("pullTimeout " + value + " is not within a second to a day");
            }
            pullTimeout = value;
            return this;
        }

        /** The engine, {@code unix:///path} or {@code tcp://host:port}; by default as Docker's command line finds it. */
        public Builder engine(String address) {
            engine = word("engine", address);
            return this;
        }

        /** The options. */
        public DockerOptions build() {
            return new DockerOptions(new Builder(this, image));
        }

        private static String imageId(String id) {
            if (!id.matches("(sha256:)?[0-9a-f]{12,64}")) {
                throw new IllegalArgumentException("image id '" + id + "' is not sha256: and hexadecimal digits");
            }
            return id.startsWith("sha256:") ? id : "sha256:" + id;
        }

        private static String word(String setting, String value) {
            if (value.isBlank() || value.chars().anyMatch(c -> c <= ' ')) {
                throw new IllegalArgumentException(setting + " '" + value + "' is not one word");
            }
            return value;
        }

        private static Map<String, String> plus(Map<String, String> map, String name, String value) {
            Map<String, String> more = new TreeMap<>(map);
            more.put(name, value);
            return Collections.unmodifiableMap(more);
        }
    }
}
