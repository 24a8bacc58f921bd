package io.github.lbkit.examples.secret;

import io.github.lbkit.api.runtime.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the operators' token. A changed file is read again within one second; if its content is not a token,
 * the old token stays valid. Thread-safe.
 */
public final class TokenFile implements Supplier<String> {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Path file;

    /** The current token. Written by the scheduler's thread, read by the guards of the listeners. */
    private volatile String token;

    /** The last logged error of the file; confined to the scheduler's thread. */
    private String loggedError = "";

    private TokenFile(Path file, String token) {
        this.file = file;
        this.token = token;
    }

    /**
     * Opens the file, and reads the token.
     *
     * @throws IllegalArgumentException if the file cannot be read, or holds anything but one visible word
     */
    public static TokenFile open(Path file) {
        return new TokenFile(file, read(file));
    }

    /**
     * Returns the token in a file.
     *
     * @throws IllegalArgumentException if the file cannot be read, or holds anything but one visible word
     */
    public static String read(Path file) {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw wrong(file, "a file that can be read");
        }
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw wrong(file, "a file with one visible word in it");
        }
        return token;
    }

    private static IllegalArgumentException wrong(Path file, String allowed) {
        return new IllegalArgumentException("--admin-token-file '" + file + "' is not allowed; allowed: " + allowed);
    }

    /** Starts to check the file once per second, unless it is a pipe, which can be read only once. */
    public void follow(Scheduler scheduler) {
        if (Files.isRegularFile(file)) {
            scheduler.schedule(PERIOD, () -> check(scheduler));
        }
    }

    private void check(Scheduler scheduler) {
        scheduler.schedule(PERIOD, () -> check(scheduler));
        String newest;
        try {
            newest = read(file);
        } catch (IllegalArgumentException wrong) {
            String reason = String.valueOf(wrong.getMessage());
            if (!reason.equals(loggedError)) {
                loggedError = reason;
                LOG.warn("{}; the old token stays valid", reason);
            }
            return;
        }
        loggedError = "";
        if (!newest.equals(token)) {
            token = newest;
            LOG.info("--admin-token-file {} has a new token, which is valid from now on", file);
        }
    }

    /** Returns the current token. */
    @Override
    public String get() {
        return token;
    }

    @Override
    public String toString() {
        return "the token of " + file;
    }
}
