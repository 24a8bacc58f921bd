package io.github.lbkit.http.internal.tls.material;

import io.github.lbkit.api.internal.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The contents of files at one reading. Immutable. */
public final class Contents {
    private static final int MOST_BYTES = 16 << 20;

    private final Map<Path, byte[]> files;

    private Contents(Map<Path, byte[]> files) {
        this.files = files;
    }

    /**
     * Reads files.
     *
     * @throws IllegalArgumentException if a file cannot be read or is too long; the message names the file
     */
    public static Contents read(Collection<Path> files) {
        Map<Path, byte[]> contents = new LinkedHashMap<>();
        for (Path file : files) {
            contents.put(file, read(file));
        }
        return new Contents(contents);
    }

    private static byte[] read(Path file) {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new IllegalArgumentException(VisibleText.of("file " + file + reason(e)), e);
        }
        if (content.length > MOST_BYTES) {
            throw new IllegalArgumentException("file " + file + " has more than " + MOST_BYTES + " bytes");
        }
        return content;
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return " does not exist";
        } else if (e instanceof AccessDeniedException) {
            return " cannot be read by this user";
        }
        return " cannot be read: " + Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    /** Returns the content of a file that was read. */
    byte[] of(Path file) {
        return Objects.requireNonNull(files.get(file));
    }

    /** Returns a hash of all contents. Equal contents have equal hashes. */
    public String hash() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        for (byte[] content : files.values()) {
            digest.update((byte) 1);
            digest.update(String.valueOf(content.length).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            digest.update(content);
        }
        return java.util.HexFormat.of().formatHex(digest.digest());
    }
}
