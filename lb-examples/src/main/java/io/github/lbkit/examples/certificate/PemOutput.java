package io.github.lbkit.examples.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Writes PEM files. A file appears as a whole, and replaces an old one only if that is allowed. Immutable. */
final class PemOutput {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private final boolean force;

    PemOutput(boolean force) {
        this.force = force;
    }

    /**
     * Refuses files that exist, unless they may be replaced.
     *
     * @throws FileAlreadyExistsException if a file exists; the message names it
     */
    void check(List<Path> files) throws FileAlreadyExistsException {
        for (Path file : files) {
            if (!force && Files.exists(file)) {
                throw new FileAlreadyExistsException(file + " exists already; --force replaces it");
            }
        }
    }

    /** Writes a file that only its owner can read. */
    void writePrivate(Path file, String text) throws IOException {
        write(file, text, OWNER_ONLY);
    }

    /** Writes a file that everyone can read. */
    void write(Path file, String text) throws IOException {
        write(file, text, READABLE);
    }

    private void write(Path file, String text, Set<PosixFilePermission> permissions) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path written = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = isPosix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
        try {
            Files.createFile(written, attributes);
            Files.write(written, text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
            check(List.of(file));
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
