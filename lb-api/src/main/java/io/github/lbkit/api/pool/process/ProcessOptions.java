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
 * What a {@link ProcessLauncher} starts. Immutable.
 *
 * <p>In each part of the command and in each value of the environment, {@code {id}}, {@code {name}}, {@code
 * {generation}} and {@code {port}} stand for the server's id, the instance's name and generation, and a free port of
 * the loopback interface. Without {@code {port}} the process chooses its port itself and says so by its ready line.
 */
public final class ProcessOptions implements LaunchSpec {
    /** Where the standard input of the processes comes from. */
    public enum Input {
        /** A pipe that is held open: a process that reads it sees its end when this process ends, however it ends. */
        PIPE,
        /** Nothing; for processes that shall outlive this one. */
        NONE
    }

    final List<String> command;
    final Map<String, String> environment;
    final @Nullable Pattern readyLine;
    final Input input;
    final boolean deafToInterrupt;
    final int logsKept;
    final long outputLimit;

    private ProcessOptions(Builder builder) {
        command = builder.command;
        environment = Map.copyOf(builder.environment);
        readyLine = builder.readyLine;
        input = builder.input;
        deafToInterrupt = builder.deafToInterrupt;
        logsKept = builder.logsKept;
        outputLimit = builder.outputLimit;
    }

    /** Options that start this program with these arguments. */
    public static Builder command(List<String> command) {
        return new Builder(command);
    }

    /**
     * The same with another command: what a rollout is made of.
     *
     * @throws IllegalArgumentException if it names no program, or nobody would know the port
     */
    public ProcessOptions withCommand(List<String> other) {
        return new Builder(other, this).build();
    }

    boolean givesPort() {
        return mentionsPort(command) || mentionsPort(environment.values());
    }

    /** Names the command, the environment, the ready line and the input. */
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

    /** Collects the options; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private final List<String> command;
        private final Map<String, String> environment = new TreeMap<>();
        private @Nullable Pattern readyLine;
        private Input input = Input.PIPE;
        private boolean deafToInterrupt;
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
            deafToInterrupt = from.deafToInterrupt;
            logsKept = from.logsKept;
            outputLimit = from.outputLimit;
        }

        /** Adds to the environment that the processes inherit. */
        public Builder environment(String name, String value) {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "'" + VisibleText.of(name) + "' is not the name of an environment variable");
            }
            environment.put(name, value);
            return this;
        }

        /**
         * A regular expression; the launch completes when a line of the output contains a match. Its group {@code port},
         * if it has one, is the port that the process listens on. By default no line is waited for.
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

        /** Where standard input comes from; {@link Input#PIPE} by default. */
        public Builder input(Input value) {
            input = value;
            return this;
        }

        /**
         * Whether the processes ignore the interrupt signal (SIGINT), which Ctrl-C sends to every process of a terminal:
         * then they serve until this process, which gets it too, has drained and stopped them. Where there is no {@code
         * /bin/sh} nothing is changed. No by default.
         */
        public Builder deafToInterrupt(boolean value) {
            deafToInterrupt = value;
            return this;
        }

        /** How many logs of failed instances are kept, 0 to 1000; 10 by default. Others go with their instance. */
        public Builder logsKept(int value) {
            if (value < 0 || value > 1000) {
                throw new IllegalArgumentException("logsKept " + value + " is not within 0 to 1000");
            }
            logsKept = value;
            return this;
        }

        /**
         * How long the file of an instance's output becomes, in bytes, before its end is put aside and the file is emptied;
         * 65,536 to 1,099,511,627,776, by default 10,485,760 (10 MiB). The part put aside takes the place of the one
         * before, so that an instance's output takes about twice as much. The files are looked at twice a second; a process
         * whose owner has ended writes on, and its output is limited again when the next owner finds it.
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
         * The options.
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
