package io.github.lbkit.http.internal.tls;

import io.github.lbkit.http.internal.tls.material.Contents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is read from files, and read again when they change. The old value stays while the new files are wrong;
 * each reason is logged once. Confined to one thread, except {@link #value}.
 *
 * <p>The files are read at every check, since they are short, and a file's time tells nothing about a change within its
 * resolution.
 */
final class WatchedFiles<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

    private final String what;
    private final Set<Path> files;
    private final Function<Contents, T> reader;

    /** The current value. Written by the thread that checks, read by all. */
    private volatile T value;

    private String acceptedHash;
    private String lastHash;
    private String loggedReason = "";

    /** The outcome of a check. */
    enum Outcome {
        /** The value is that of the files, or the files are wrong. */
        SAME,

        /** The files have changed since the last check, and may still be changing. */
        UNSETTLED,

        /** There is a new value. */
        NEW
    }

    private WatchedFiles(String what, Set<Path> files, Function<Contents, T> reader, String hash, T value) {
        this.what = what;
        this.files = files;
        this.reader = reader;
        this.value = value;
        this.acceptedHash = hash;
        this.lastHash = hash;
    }

    /**
     * Reads files for the first time.
     *
     * @param what the value's name in messages
     * @param reader returns the value of contents, or throws {@link IllegalArgumentException} with the reason
     * @throws IllegalArgumentException if the files cannot be read, or the reader throws it
     */
    static <T> WatchedFiles<T> open(String what, Set<Path> files, Function<Contents, T> reader) {
        Contents contents = Contents.read(files);
        return new WatchedFiles<>(what, files, reader, contents.hash(), reader.apply(contents));
    }

    /** The current value. */
    T value() {
        return value;
    }

    /**
     * Reads the files again.
     *
     * @param settles whether a change waits until a second check finds the same contents
     */
    Outcome check(boolean settles) {
        try {
            for (Path file : files) {
                if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
                    return Outcome.SAME; // a pipe, which can be read only once
                }
            }
            Contents contents = Contents.read(files);
            String hash = contents.hash();
            boolean isSettled = hash.equals(lastHash) || !settles;
            boolean isTold = hash.equals(lastHash) && !loggedReason.isEmpty();
            lastHash = hash;
            if (hash.equals(acceptedHash)) {
                loggedReason = "";
                return Outcome.SAME;
            } else if (!isSettled) {
                loggedReason = "";
                return Outcome.UNSETTLED;
            } else if (isTold) {
                return Outcome.SAME;
            }
            value = reader.apply(contents);
            acceptedHash = hash;
            loggedReason = "";
            LOG.info("{}: {} is in use from now on", what, value);
            return Outcome.NEW;
        } catch (IllegalArgumentException wrong) {
            log(String.valueOf(wrong.getMessage()));
            return Outcome.SAME;
        }
    }

    private void log(String reason) {
        if (!reason.equals(loggedReason)) {
            loggedReason = reason;
            LOG.warn("{}: {}; what was read before stays in use", what, reason);
        }
    }
}
