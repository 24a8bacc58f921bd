package io.github.lbkit.docker;

import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.docker.internal.engine.Sha256;
import io.github.lbkit.docker.internal.settings.EnvironmentFile;
import io.github.lbkit.docker.internal.settings.SettingChecks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Settings of the containers that a {@link DockerLauncher} or a {@link DockerServerPool} creates, and of the engine
 * that runs them. Immutable.
 *
 * <p>The placeholders {@code {id}}, {@code {name}} and {@code {generation}} in the command and in values of the
 * environment are replaced by the server's id, the instance's name and its generation. By default a container gets no
 * capabilities and no new privileges. Its port is published on 127.0.0.1 only, or not at all if the balancer shares a
 * network with the container.
 *
 * <pre>{@code
 * DockerOptions options = DockerOptions.image("shop:1.7", 8080)
 *         .environment("SERVER_ID", "{id}")
 *         .memory(256L << 20)
 *         .readOnlyRoot(true)
 *         .build();
 * }</pre>
 */
public final class DockerOptions implements LaunchSpec {
    private static final int HASH_DIGITS = 16;
    private static final int SHORT_ID_DIGITS = 12;

    /** When an image is pulled. */
    public enum Pull {
        /** Never: an image that the engine does not have is an error. */
        NEVER,
        /** When the engine does not have the image. */
        MISSING,
        /** Once, before the first container. */
        ALWAYS
    }

    private final ContainerSettings settings;

    private DockerOptions(ContainerSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns a builder for containers of this image that listen on this port.
     *
     * @param image a name that the engine knows, with an optional tag or digest
     * @param port the port inside the container, 1 to 65535
     */
    public static Builder image(String image, int port) {
        return new Builder(image, port);
    }

    /** The name of the image. */
    public String image() {
        return settings.image;
    }

    /**
     * The id of the image, such as {@code sha256:…}; empty until the name has been resolved. Containers of options with
     * an id are created from that image, even if the name refers to another image by then.
     */
    public Optional<String> imageId() {
        return Optional.ofNullable(settings.imageId);
    }

    /** The port inside the container. */
    public int port() {
        return settings.port;
    }

    /** The command and its arguments; empty for the command of the image. */
    public List<String> command() {
        return settings.command;
    }

    /** The environment variables that are added to those of the image. */
    public Map<String, String> environment() {
        return settings.environment;
    }

    /** The network on which the balancer reaches the containers; empty if it uses their published ports. */
    public Optional<String> network() {
        return Optional.ofNullable(settings.network);
    }

    /** The maximum memory in bytes; empty for no limit. */
    public OptionalLong memory() {
        return settings.memory;
    }

    /** The maximum number of processors; empty for no limit. */
    public OptionalDouble cpus() {
        return settings.cpus;
    }

    /** Returns true if the root file system is read-only. */
    public boolean readOnlyRoot() {
        return settings.readOnlyRoot;
    }

    /** The capabilities that the container keeps. */
    public List<String> capabilities() {
        return settings.capabilities;
    }

    /** The user, as Docker writes it; empty for the user of the image. */
    public Optional<String> user() {
        return Optional.ofNullable(settings.user);
    }

    /** The directory in which the command runs; empty for the directory of the image. */
    public Optional<String> workingDirectory() {
        return Optional.ofNullable(settings.workingDirectory);
    }

    /** The mounts, in the order in which they were added. */
    public List<DockerMount> mounts() {
        return settings.mounts;
    }

    /** The log driver; empty for the engine's default. */
    public Optional<String> logDriver() {
        return Optional.ofNullable(settings.logDriver);
    }

    /** The options of the log driver. */
    public Map<String, String> logOptions() {
        return settings.logOptions;
    }

    /** The labels, without those that pools add. */
    public Map<String, String> labels() {
        return settings.labels;
    }

    /** The signal that asks the process to stop; empty for the signal of the image. */
    public Optional<String> stopSignal() {
        return Optional.ofNullable(settings.stopSignal);
    }

    /** Returns true if the HEALTHCHECK of the image, if there is one, decides whether the container serves. */
    public boolean healthCheck() {
        return settings.healthCheck;
    }

    /** When the image is pulled. */
    public Pull pull() {
        return settings.pull;
    }

    /** The maximum duration of a pull. */
    public Duration pullTimeout() {
        return settings.pullTimeout;
    }

    /** The engine's address; empty for the engine that Docker's command line would use. */
    public Optional<String> engine() {
        return Optional.ofNullable(settings.engine);
    }

    /**
     * Returns a hash of {@link #toJson()}. The time of a pull and the engine's address do not change it. If the image
     * has an id, the id counts and the name does not.
     */
    @Override
    public String hash() {
        return Sha256.hex(toJson()).substring(0, HASH_DIGITS);
    }

    /**
     * Returns the body of the engine's create call as JSON, without the values that differ between servers. It contains
     * the environment, which may hold secrets.
     */
    public String toJson() {
        return settings.createBody().toString();
    }

    /** Returns these options with another image, whose name is not resolved yet, such as for a rolling update. */
    public DockerOptions withImage(String image) {
        return new DockerOptions(settings.copy(image));
    }

    /**
     * Returns these options with the id of the image.
     *
     * @param id the id as the engine writes it
     */
    public DockerOptions withImageId(String id) {
        ContainerSettings resolved = settings.copy(settings.image);
        resolved.imageId(id);
        return new DockerOptions(resolved);
    }

    @Override
    public String toString() {
        return "image " + image()
                + imageId().map(id -> " (" + shortId(id) + ")").orElse("") + ", port " + port()
                + (command().isEmpty() ? "" : ", command " + command());
    }

    /** Returns the first twelve digits of an image id, the form in which people compare ids. */
    static String shortId(String id) {
        String digits = id.substring(id.indexOf(':') + 1);
        return digits.substring(0, Math.min(SHORT_ID_DIGITS, digits.length()));
    }

    /** Collects the options; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private final ContainerSettings settings;

        private Builder(String image, int port) {
            settings = new ContainerSettings(image, port);
        }

        /** Sets the command and its arguments, in place of the command of the image. */
        public Builder command(List<String> words) {
            settings.command = List.copyOf(words);
            return this;
        }

        /** Adds an environment variable. */
        public Builder environment(String name, String value) {
            settings.addEnvironment(name, value);
            return this;
        }

        /**
         * Sets an existing network on which the balancer reaches the containers by their own addresses. Use it if the
         * balancer runs in a container itself. By default the port is published on 127.0.0.1.
         */
        public Builder network(String name) {
            settings.network = SettingChecks.word("network", name);
            return this;
        }

        /**
         * Sets the maximum memory in bytes, at least 6 MiB; no limit by default. The kernel kills a process that
         * exceeds the limit.
         */
        public Builder memory(long bytes) {
            settings.memory(bytes);
            return this;
        }

        /** Sets the maximum number of processors, such as 0.5; no limit by default. */
        public Builder cpus(double value) {
            settings.cpus(value);
            return this;
        }

        /** Sets whether the root file system is read-only, with {@code /tmp} in memory; false by default. */
        public Builder readOnlyRoot(boolean value) {
            settings.readOnlyRoot = value;
            return this;
        }

        /** Sets the capabilities that the process needs, such as {@code NET_BIND_SERVICE}; none by default. */
        public Builder capabilities(List<String> names) {
            settings.capabilities(names);
            return this;
        }

        /** Sets the user, {@code uid}, {@code uid:gid} or a name; the user of the image by default. */
        public Builder user(String value) {
            settings.user = SettingChecks.word("user", value);
            return this;
        }

        /** Sets the absolute path of the directory in which the command runs; the image's directory by default. */
        public Builder workingDirectory(String path) {
            settings.workingDirectory(path);
            return this;
        }

        /** Adds a mount; a second mount with the same target is refused. */
        public Builder mount(DockerMount mount) {
            settings.addMount(mount);
            return this;
        }

        /**
         * Adds the variables of a file to the environment. Each line is {@code NAME=VALUE} and is taken literally;
         * empty lines and lines that begin with {@code #} are ignored. The file is read now, on the balancer's machine.
         *
         * @throws IllegalArgumentException if the file cannot be read or a line has another form; the message has the
         *     number of the line and never its content
         */
        public Builder environmentFile(Path file) {
            EnvironmentFile.read(file).forEach(this::environment);
            return this;
        }

        /** Sets the log driver and its options; the engine's default driver by default. */
        public Builder log(String driver, Map<String, String> options) {
            settings.log(driver, options);
            return this;
        }

        /** Adds a label; names that begin with {@code lbkit.} are refused. */
        public Builder label(String name, String value) {
            settings.addLabel(name, value);
            return this;
        }

        /** Sets the signal that asks the process to stop, such as {@code SIGQUIT}; the image's signal by default. */
        public Builder stopSignal(String value) {
            settings.stopSignal(value);
            return this;
        }

        /**
         * Sets whether the HEALTHCHECK of the image, if there is one, decides when the container serves and when it has
         * failed; true by default.
         */
        public Builder healthCheck(boolean value) {
            settings.healthCheck = value;
            return this;
        }

        /**
         * Sets when the image is pulled; {@link Pull#NEVER} by default. Registries that need a login are not supported.
         */
        public Builder pull(Pull value) {
            settings.pull = value;
            return this;
        }

        /** Sets the maximum duration of a pull, 1 second to 1 day; 5 minutes by default. */
        public Builder pullTimeout(Duration value) {
            settings.pullTimeout(value);
            return this;
        }

        /**
         * Sets the engine's address, {@code unix:///path} or {@code tcp://host:port}. The default is the engine that
         * Docker's command line would use.
         */
        public Builder engine(String address) {
            settings.engine = SettingChecks.word("engine", address);
            return this;
        }

        /** Returns the options. */
        public DockerOptions build() {
            return new DockerOptions(settings.copy(settings.image));
        }
    }
}
