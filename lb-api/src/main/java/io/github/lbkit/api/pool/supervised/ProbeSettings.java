package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The readiness and liveness probes of a supervised pool, read from the options of the pool's URI. Immutable. */
public final class ProbeSettings implements AutoCloseable {
    private static final int MOST_SECONDS = 3600;
    private static final int MOST_FAILURES = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final byte[] PROXY_V1 = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /** The command LOCAL without addresses. */
    private static final byte[] PROXY_V2 = "\r\n\r\n\0\r\nQUIT\n \0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private final List<TcpProbe> probes = new ArrayList<>();
    private final Optional<HealthChecks> readiness;
    private final Optional<HealthChecks> liveness;
    private final Optional<TcpProbe> connecting;

    /** Reads the options. The caller must close the probes by {@link #close}. */
    public ProbeSettings(PoolUri uri, PoolContext context) {
        readiness = checks(uri, context, "probe", 5);
        liveness = checks(uri, context, "liveness", 1);
        connecting = readiness.isPresent() ? Optional.empty() : Optional.of(TcpProbe.connecting(context.runtimes()));
        connecting.ifPresent(probes::add);
    }

    private Optional<HealthChecks> checks(PoolUri uri, PoolContext context, String name, int usualSeconds) {
        Duration interval = Duration.ofSeconds(uri.intOption(name + "-seconds", usualSeconds, 1, MOST_SECONDS));
        int failures = uri.intOption(name + "-failures", 3, 1, MOST_FAILURES);
        Optional<String> path = uri.option(name + "-path");
        if (path.isEmpty()) {
            for (String other : List.of(name + "-seconds", name + "-failures")) {
                if (uri.option(other).isPresent()) {
                    throw new IllegalArgumentException(
                            "option '" + other + "' needs " + name + "-path=/PATH beside it");
                }
            }
            return Optional.empty();
        }
        TcpProbe probe = TcpProbe.http(context.runtimes(), path.get(), preface(uri));
        probes.add(probe);
        return Optional.of(HealthChecks.builder(probe)
                .interval(interval)
                .failingInterval(SECOND)
                .timeout(TIMEOUT)
                .fall(failures)
                .build());
    }

    /** Returns the bytes that the connection of a probe begins with. */
    private static byte[] preface(PoolUri uri) {
        String version = uri.option("probe-proxy").orElse("");
        return switch (version) {
            case "" -> new byte[0];
            case "v1" -> PROXY_V1;
            case "v2" -> PROXY_V2;
            default ->
                throw new IllegalArgumentException(
                        "option 'probe-proxy' is '" + VisibleText.of(version) + "', and not v1 or v2");
        };
    }

    /** The names of the options. */
    public static Set<String> options() {
        return Set.of(
                "probe-path",
                "probe-seconds",
                "probe-failures",
                "probe-proxy",
                "liveness-path",
                "liveness-seconds",
                "liveness-failures");
    }

    /** The options, for a usage message. */
    public static String usage() {
        return "probe-path=/PATH (asked until a new instance is ready, and every probe-seconds=5 whether it may get"
                + " requests, which it may not after probe-failures=3; without it a connection is enough),"
                + " probe-proxy=v1|v2 (probes of a path begin with a PROXY header without addresses),"
                + " liveness-path=/PATH (asked every liveness-seconds=1; an instance that fails liveness-failures=3"
                + " times in a row is replaced; without it none is replaced for not answering)";
    }

    /** Sets the probes. */
    public SupervisedOptions.Builder applyTo(SupervisedOptions.Builder supervised) {
        readiness.ifPresent(supervised::readiness);
        connecting.ifPresent(supervised::probe);
        liveness.ifPresent(supervised::liveness);
        return supervised;
    }

    /** Closes the probes. */
    @Override
    public void close() {
        probes.forEach(TcpProbe::close);
    }
}
