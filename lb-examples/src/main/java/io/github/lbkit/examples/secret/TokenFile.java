package io.github.lbkit.examples.secret;

import io.github.lbkit.api.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' token in a file. A file that changes is read again within a second; while the new content is no token, the
 * old token counts. Thread-safe.
 */
public final class TokenFile implements Supplier<String> {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Path file;

    /** Written by the scheduler's thread, read by the guards of the listeners. */
    private volatile String token;

    /** What is wrong with the file now, and was logged; confined to the scheduler's thread. */
    private String told = "";

    private TokenFile(Path file, String token) {
        this.file = file;
        this.token = token;
    }

    /**
     * Reads the file.
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

    /** Begins to look at the file once a second; a pipe, which can be read once, is not looked at again. */
    public void follow(Scheduler scheduler) {
        if (Files.isRegularFile(file)) {
            scheduler.schedule(PERIOD, () -> look(scheduler));
        }
    }

    private void look(Scheduler scheduler) {
        scheduler.schedule(PERIOD, () -> look(scheduler));
        String newest;
        try {
            newest = read(file);
        } catch (IllegalArgumentException wrong) {
            String reason = String.valueOf(wrong.getMessage());
            if (!reason.equals(told)) {
                told = reason;
                LOG.warn("{}; the token that was read before still counts", reason);
            }
            return;
        }
        told = "";
        if (!newest.equals(token)) {
            token = newest;
            LOG.info("--admin-token-file {} has another token, which counts from now on", file);
        }
    }

    /** Returns the token that counts now. */
    @Override
    public String get() {
        return token;
    }

    @Override
    public String toString() {
        return "the token of " + file;
    }
}
