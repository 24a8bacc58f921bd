package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
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
        TcpProbe probe = TcpProbe.http(context.runtimes(), path.get());
        probes.add(probe);
        return Optional.of(HealthChecks.builder(probe)
                .interval(interval)
                .failingInterval(SECOND)
                .timeout(TIMEOUT)
                .fall(failures)
                .build());
    }

    /** The names of the options. */
    public static Set<String> options() {
        return Set.of(
                "probe-path",
                "probe-seconds",
                "probe-failures",
                "liveness-path",
                "liveness-seconds",
                "liveness-failures");
    }

    /** The options, for a usage message. */
    public static String usage() {
        return "probe-path=/PATH (asked until a new instance is ready, and every probe-seconds=5 whether it may get"
                + " requests, which it may not after probe-failures=3; without it a connection is enough),"
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
