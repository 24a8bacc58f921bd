package io.github.lbkit.api.pool.process;

import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The command and environment of the processes of a {@link ProcessLauncher}. Immutable.
 *
 * <p>In each part of the command and in each value of the environment, {@code {id}}, {@code {name}}, {@code
 * {generation}} and {@code {port}} are replaced by the server's id, the instance's name and generation, and a free
 * port of the loopback interface. Without {@code {port}}, the process chooses its port itself and reports it by its
 * ready line.
 */
public final class ProcessOptions implements LaunchSpec {
    /** The source of the standard input of the processes. */
    public enum Input {
        /**
         * A pipe that is held open. A process that reads it sees the end of the input when this process ends, in any
         * way.
         */
        PIPE,
        /** No input; for processes that are to outlive this one. */
        NONE
    }

    final List<String> command;
    final Map<String, String> environment;
    final @Nullable Pattern readyLine;
    final Input input;
    final boolean ignoreInterrupt;
    final int logsKept;
    final long outputLimit;

    private ProcessOptions(Builder builder) {
        command = builder.command;
        environment = Map.copyOf(builder.environment);
        readyLine = builder.readyLine;
        input = builder.input;
        ignoreInterrupt = builder.ignoreInterrupt;
        logsKept = builder.logsKept;
        outputLimit = builder.outputLimit;
    }

    /** Returns a builder for this program and its arguments. */
    public static Builder command(List<String> command) {
        return new Builder(command);
    }

    /**
     * Returns these options with another command, as the spec of a rollout.
     *
     * @throws IllegalArgumentException if the command names no program, or neither the command nor the ready line
     *     gives a port
     */
    public ProcessOptions withCommand(List<String> other) {
        return new Builder(other, this).build();
    }

    boolean givesPort() {
        return mentionsPort(command) || mentionsPort(environment.values());
    }

    /** Returns the hash of the command, the environment, the ready line and the input. */
    @Override
    public String hash() {
        String all = command + "\n" + new TreeMap<>(environment) + "\n" + readyLine + "\n" + input;
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }

    private static boolean mentionsPort(Iterable<String> parts) {
        for (String part : parts) {
            if (part.contains("{port}")) {
                return true;
            }
        }
        return false;
    }

    /** A builder of the options, which checks each value when it is set. Not thread-safe. */
    public static final class Builder {
        private final List<String> command;
        private final Map<String, String> environment = new TreeMap<>();
        private @Nullable Pattern readyLine;
        private Input input = Input.PIPE;
        private boolean ignoreInterrupt;
        private int logsKept = 10;
        private long outputLimit = 10L << 20;

        private Builder(List<String> command) {
            if (command.isEmpty() || command.get(0).isBlank()) {
                throw new IllegalArgumentException("command " + command + " names no program");
            }
            this.command = List.copyOf(command);
        }

        private Builder(List<String> command, ProcessOptions from) {
            this(command);
            environment.putAll(from.environment);
            readyLine = from.readyLine;
            input = from.input;
            ignoreInterrupt = from.ignoreInterrupt;
            logsKept = from.logsKept;
            outputLimit = from.outputLimit;
        }

        /** Adds a variable to the inherited environment. */
        public Builder environment(String name, String value) {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "'" + VisibleText.of(name) + "' is not the name of an environment variable");
            }
            environment.put(name, value);
            return this;
        }

        /**
         * Sets a regular expression. The launch completes when a line of the output contains a match. The group {@code
         * port}, if there is one, is the port that the process listens on. By default no line is awaited.
         */
        public Builder readyLine(String regex) {
            try {
                readyLine = Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "readyLine '" + VisibleText.of(regex) + "' is not a regular expression: " + e.getDescription(),
                        e);
            }
            return this;
        }

        /** Sets the source of standard input; {@link Input#PIPE} by default. */
        public Builder input(Input value) {
            input = value;
            return this;
        }

        /**
         * Sets whether the processes ignore the interrupt signal (SIGINT), which Ctrl-C sends to every process of a
         * terminal. They then serve until this process, which gets the signal too, has drained and stopped them. No
         * effect without {@code /bin/sh}. False by default.
         */
        public Builder ignoreInterrupt(boolean value) {
            ignoreInterrupt = value;
            return this;
        }

        /**
         * Sets the number of logs of failed instances to keep, 0 to 1000; 10 by default. Other logs are removed with
         * their instance.
         */
        public Builder logsKept(int value) {
            if (value < 0 || value > 1000) {
                throw new IllegalArgumentException("logsKept " + value + " is not within 0 to 1000");
            }
            logsKept = value;
            return this;
        }

        /**
         * Sets the length in bytes at which the end of an instance's output file is set aside and the file is
         * truncated: 65,536 to 1,099,511,627,776; 10,485,760 (10 MiB) by default. The part set aside replaces the
         * previous one, so that an output takes about twice this length. The files are checked twice a second. A
         * process whose owner has ended continues to write; its output is limited again when the next owner adopts it.
         */
        public Builder outputLimit(long bytes) {
            if (bytes < 1 << 16 || bytes > 1L << 40) {
                throw new IllegalArgumentException(
                        "outputLimit " + bytes + " is not within " + (1 << 16) + " to " + (1L << 40) + " bytes");
            }
            outputLimit = bytes;
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException if neither the command nor the ready line gives a port
         */
        public ProcessOptions build() {
            ProcessOptions options = new ProcessOptions(this);
            boolean tellsPort = readyLine != null && readyLine.pattern().contains("(?<port>");
            if (!options.givesPort() && !tellsPort) {
                throw new IllegalArgumentException(
                        "nobody would know the port: put {port} into the command " + VisibleText.of(command.toString())
                                + " or its environment, or a group (?<port>[0-9]+) into the ready line");
            }
            return options;
        }
    }
}
