package io.github.lbkit.http.internal.admission;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a Unix domain socket that this process has bound. Immutable. */
final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

    private final Path path;

    /** The identity of the file, such as device and inode; null where files have none. */
    private final @Nullable Object key;

    private SocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /** Returns the file that a bind has created. */
    static SocketFile of(Path path) throws IOException {
        return new SocketFile(path, attributes(path).fileKey());
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Refuses a file that is no socket, so that no data of others is removed. */
    static void requireSocketOrNothing(Path path) throws IOException {
        try {
            if (!attributes(path).isOther()) {
                throw new IOException("a file with this path exists and is not a socket");
            }
        } catch (NoSuchFileException free) {
            LOG.trace("{} is free", path);
        }
    }

    /** Returns whether this failure to connect leaves open that a process listens. */
    static boolean isBusy(IOException failure) {
        return !(failure instanceof ConnectException)
                && !String.valueOf(failure.getMessage()).contains("No such file");
    }

    /** Removes the file of a socket on which no process listens. */
    static void removeStale(UnixDomainSocketAddress address) throws IOException {
        if (Files.deleteIfExists(address.getPath())) {
            LOG.info("the file of Unix socket {}, on which no process listened, is replaced", address);
        }
    }

    void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(path, permissions);
    }

    /** Removes the file, unless another process has replaced it. */
    void remove() {
        try {
            Object current = attributes(path).fileKey();
            if (key != null && key.equals(current)) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            LOG.trace("{} is removed already", path);
        } catch (IOException e) {
            LOG.warn("the file of Unix socket {} cannot be removed: {}", path, e.toString());
        }
    }
}
