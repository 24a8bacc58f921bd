package io.github.lbkit.examples.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The default name of a pool: of the host, the address and the port, so that two balancers share a pool only if they would
 * share a port too. The same after each restart. Stateless.
 */
final class PoolName {
    /** The length of the longest name, in characters. */
    static final int MOST = 63;

    private static final int LONGEST_PART = 18;
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private PoolName() {}

    static boolean isAllowed(String name) {
        return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MOST - 1) + "}");
    }

    /** Returns the name for this host and address. A port that is chosen at the start lasts no longer than the process. */
    static String of(String host, ListenAddress listen) {
        String port = listen.port() == 0 ? "pid" + ProcessHandle.current().pid() : String.valueOf(listen.port());
        return "lbkit-" + part(host) + "-" + part(listen.host()) + "-" + port;
    }

    /** Other characters become hyphens; where that or a cut could make two names one, a checksum tells them apart. */
    private static String part(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String slug = lower.replaceAll("[^a-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        if (slug.equals(lower) && slug.length() <= LONGEST_PART && !slug.isEmpty()) {
            return slug;
        }
        CRC32 checksum = new CRC32();
        checksum.update(lower.getBytes(StandardCharsets.UTF_8));
        String kept =
                slug.substring(0, Math.min(slug.length(), LONGEST_PART - 7)).replaceAll("[-.]+$", "");
        return (kept.isEmpty() ? "" : kept + "-") + String.format("%06x", checksum.getValue() & 0xff_ffff);
    }

    /** Returns the name of this host without a look-up, which may block; "host" where the system does not tell it. */
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
