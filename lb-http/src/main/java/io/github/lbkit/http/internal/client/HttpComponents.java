package io.github.lbkit.http.internal.client;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.util.VersionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A check of the HttpComponents versions at run time. A parent POM that manages HttpComponents replaces the versions of
 * lb-http's own POM. Thread-safe.
 */
public final class HttpComponents {
    private static final Logger LOG = LoggerFactory.getLogger(HttpComponents.class);
    private static final AtomicBoolean CHECKED = new AtomicBoolean();
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?:[.-].*)?");

    /** The last vulnerable HttpCore, 5.4.2, as a number. */
    private static final int LAST_VULNERABLE = number(5, 4, 2);

    private HttpComponents() {}

    /** Logs a warning if HttpCore has known vulnerabilities, once in a JVM. */
    public static void check() {
        if (CHECKED.compareAndSet(false, true)) {
            warning(release("org.apache.hc.core5"), release("org.apache.hc.client5"))
                    .ifPresent(LOG::warn);
        }
    }

    private static String release(String module) {
        VersionInfo info = VersionInfo.loadVersionInfo(module, VersionInfo.class.getClassLoader());
        return info == null ? VersionInfo.UNAVAILABLE : info.getRelease();
    }

    /** Returns the warning for these versions; empty if HttpCore is not vulnerable or its version is unknown. */
    static Optional<String> warning(String core, String client) {
        Matcher parts = RELEASE.matcher(core);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String patch = parts.group(3);
        int found = number(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                patch == null ? 0 : Integer.parseInt(patch));
        if (found > LAST_VULNERABLE) {
            return Optional.empty();
        }
        return Optional.of("HttpCore " + core + " (with HttpClient " + client
                + ") has known vulnerabilities: CVE-2026-54399, CVE-2026-54428. A parent POM or BOM replaces the"
                + " versions of lb-http: set the Maven properties httpcore5.version to 5.4.4 and httpclient5.version"
                + " to 5.6.5, or later versions");
    }

    private static int number(int major, int minor, int patch) {
        return (major * 10_000 + minor) * 10_000 + patch;
    }
}
