package io.github.lbkit.api.internal.pool;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The names of instances: a slug of the server id, six hexadecimal digits of its hash, and the end of the generation
 * in base 36. The hash separates ids with the same slug, the generation separates instances of one server. At most 63
 * characters.
 */
public final class InstanceNames {
    private static final int SLUG = 32;
    private static final long GENERATIONS = 36L * 36 * 36 * 36 * 36 * 36;

    private InstanceNames() {}

    /** Returns the name of this instance, such as {@code server-1-1c9a5e-k3f0zq}. */
    public static String of(String prefix, String id, long generation) {
        String slug = id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        String begin = slug.startsWith("-") ? "s" + slug : slug;
        return prefix + begin.substring(0, Math.min(SLUG, begin.length())) + "-" + hash(id) + "-"
                + Long.toString(Math.floorMod(generation, GENERATIONS), 36);
    }

    private static String hash(String id) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha, 0, 3);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
