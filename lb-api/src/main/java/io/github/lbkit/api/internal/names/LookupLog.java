package io.github.lbkit.api.internal.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines of one name: one WARN when its look-ups begin to fail, at most once a minute, and one INFO when they
 * work again after a WARN. Guarded by the resolver's monitor; the returned lines are written outside of it.
 */
final class LookupLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.api.NameResolver");
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final String name;

    /** True if the last line said that look-ups fail. */
    private boolean failing;

    private boolean everFailed;
    private long warnedNanos;

    LookupLog(String name) {
        this.name = name;
    }

    /** Returns the line of a failure, if one is due, in a list that the caller may add to. */
    List<Runnable> failed(UnknownHostException reason, List<InetAddress> kept, long ageNanos, long now) {
        List<Runnable> lines = new ArrayList<>();
        if (failing || (everFailed && now - warnedNanos < PAUSE_NANOS)) {
            return lines;
        }
        failing = true;
        everFailed = true;
        warnedNanos = now;
        if (kept.isEmpty()) {
            lines.add(() -> LOG.warn("{}; requests to this host fail", reason.getMessage()));
        } else {
            long seconds = Duration.ofNanos(ageNanos).toSeconds();
            String addresses = text(kept);
            lines.add(() -> LOG.warn(
                    "{}; the last addresses {}, found {} s ago, stay in use", reason.getMessage(), addresses, seconds));
        }
        return lines;
    }

    /** Returns the line of a success after a failure that was logged, in a list that the caller may add to. */
    List<Runnable> succeeded(List<InetAddress> found, long now) {
        List<Runnable> lines = new ArrayList<>();
        if (failing) {
            failing = false;
            long seconds = Duration.ofNanos(now - warnedNanos).toSeconds();
            String addresses = text(found);
            lines.add(() -> LOG.info("look-ups of host {} work again after {} s: {}", name, seconds, addresses));
        }
        return lines;
    }

    private static String text(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList().toString();
    }
}
