package io.github.lbkit.examples.serve.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The default name of a pool, made from the host name, the listen address and the port. Two balancers share a pool name
 * only if they share the port. The name is the same after each restart. Stateless.
 */
final class PoolName {
    /** The maximum length of a name, in characters. */
    static final int MAX_LENGTH = 63;

    private static final int MAX_PART_LENGTH = 18;
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private PoolName() {}

    /** Returns whether a pool may have this name. */
    static boolean isAllowed(String name) {
        return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MAX_LENGTH - 1) + "}");
    }

    /** Returns the name for this host and address. */
    static String of(String host, ListenAddress listen) {
        return "lbkit-" + part(host) + "-" + part(listen.host()) + "-" + listen.portName();
    }

    /** Replaces other characters with hyphens and cuts long parts; a checksum keeps changed parts distinct. */
    private static String part(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String slug = lower.replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        if (slug.equals(lower) && slug.length() <= MAX_PART_LENGTH && !slug.isEmpty()) {
            return slug;
        }
        CRC32 checksum = new CRC32();
        checksum.update(lower.getBytes(StandardCharsets.UTF_8));
        String kept =
                slug.substring(0, Math.min(slug.length(), MAX_PART_LENGTH - 7)).replaceAll("[-.]+$", "");
        return (kept.isEmpty() ? "" : kept + "-") + String.format("%06x", checksum.getValue() & 0xff_ffff);
    }

    /**
     * Returns the name of this host without a look-up, which could block; "host" if the system does not provide a name.
     */
    static String ofThisHost() {
        return Stream.of(kernel(), environment("HOSTNAME"), environment("COMPUTERNAME"))
                .flatMap(Optional::stream)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("host");
    }

    private static Optional<String> kernel() {
        try {
            return Optional.of(Files.readString(KERNEL));
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name));
    }
}
