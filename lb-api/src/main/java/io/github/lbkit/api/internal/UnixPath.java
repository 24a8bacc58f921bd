package io.github.lbkit.api.internal;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The syntax of paths of Unix domain sockets. Stateless. */
public final class UnixPath {
    /** The beginning of a text that names a Unix domain socket by its path. */
    public static final String PREFIX = "unix:";

    /** The maximum length of a path in bytes, a limit of the operating system. */
    public static final int MAX_BYTES = 106;

    /** The allowed paths, for messages. */
    public static final String ALLOWED =
            "an absolute path of at most " + MAX_BYTES + " bytes, without blanks and control characters";

    private static final Pattern VISIBLE = Pattern.compile("/[^\\s\\p{Cntrl}]+");

    private UnixPath() {}

    /**
     * Checks a path.
     *
     * @throws IllegalArgumentException if the path is not {@link #ALLOWED}; the message names the path
     */
    public static void check(String path) {
        int length = path.getBytes(StandardCharsets.UTF_8).length;
        if (!VISIBLE.matcher(path).matches() || length > MAX_BYTES) {
            throw new IllegalArgumentException("path '" + VisibleText.of(path) + "' of a Unix socket, " + length
                    + " bytes long, is not " + ALLOWED);
        }
    }
}
