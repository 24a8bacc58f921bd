package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.http.ProxyProtocol;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The settings of {@code serve} for its pool: the kind of pool, the number of servers, and what a start finds and
 * leaves.
 */
public final class PoolSettings {
    private static final String DEMO_PROCESSES = "process";
    private static final String DEMO_CONTAINERS = "docker";
    private static final int DEMO_SERVERS = 3;
    private static final int DEFAULT_MAX_SERVERS = 128;
    private static final int UPPER_LIMIT = 100_000;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            defaultValue = DEMO_PROCESSES,
            description = "the source of servers: 'process' or 'docker' for demo servers on this machine, or the URI of"
                    + " a pool, such as static:http://127.0.0.1:9001,http://127.0.0.1:9002 (default: ${DEFAULT-VALUE})")
    private String pool = DEMO_PROCESSES;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description = "the number of servers at the start, for a pool that starts its servers (default: 3 for demo"
                    + " servers,"
                    + " otherwise the value in the URI of the pool)")
    private Optional<Integer> servers = Optional.empty();

    @Option(
            names = "--max-servers",
            paramLabel = "N",
            description = "the maximum number of servers (default: the value in the URI of the pool, otherwise 128)")
    private Optional<Integer> maxServers = Optional.empty();

    @Option(
            names = "--on-exit",
            paramLabel = "stop|keep",
            description =
                    "stop the servers that the balancer started when it exits, or keep them running (default: stop,"
                            + " or the"
                            + " value in the URI of the pool)")
    private Optional<String> onExit = Optional.empty();

    @Mixin
    private PoolNameSettings naming = new PoolNameSettings();

    PoolSettings() {}

    /** Returns whether {@code --servers} sets the number of servers at the start of this pool. */
    public static boolean decidesServers(String pool) {
        return pool.equals(DEMO_PROCESSES) || pool.equals(DEMO_CONTAINERS) || new PoolOptions(pool).lacks("servers");
    }

    /** The pool, as given. */
    public String given() {
        return pool;
    }

    /** Returns the name of the pool of a balancer that listens on this address. */
    String name(ListenAddress listen) {
        return naming.name(listen);
    }

    /** Returns the maximum time to wait for the previous owner of the pool of a balancer with this listener. */
    Duration takeoverTimeout(ListenAddress listen) {
        return naming.takeoverTimeout(listen);
    }

    /** The action for servers of an earlier start that were made from another specification. */
    public SupervisedOptions.OnSpecChange specChange() {
        return naming.specChange();
    }

    /** Returns whether the servers are demo servers of this program. */
    public boolean isDemo() {
        return pool.equals(DEMO_PROCESSES) || runsDemoContainers();
    }

    /** Returns whether the servers are demo servers in containers. */
    public boolean runsDemoContainers() {
        return pool.equals(DEMO_CONTAINERS);
    }

    /** Returns whether the servers that the balancer started keep running after its exit. */
    public boolean keepsServers() {
        return OptionChecks.choice("--on-exit", onExit.orElse("stop"), "stop", "keep") == 1;
    }

    /** The number of servers at the start. */
    public int serverCount() {
        int count = servers.orElse(Math.min(DEMO_SERVERS, maxServers()));
        if (count < 0 || count > maxServers()) {
            throw new SettingException("--servers", String.valueOf(count), "0 to --max-servers, " + maxServers());
        }
        return count;
    }

    /** The maximum number of servers. */
    public int maxServers() {
        return maxServers
                .map(value -> OptionChecks.atLeastOne("--max-servers", value))
                .or(() -> isDemo() ? Optional.empty() : new PoolOptions(pool).number("max-servers", UPPER_LIMIT))
                .orElse(DEFAULT_MAX_SERVERS);
    }

    /** Refuses a URI that names another protocol than http and https. The proxy itself refuses such servers. */
    void requireSupportedScheme() {
        if (!isDemo()) {
            PoolUri.parse(pool)
                    .option("scheme")
                    .filter(scheme -> !scheme.equals("http") && !scheme.equals("https"))
                    .ifPresent(scheme -> {
                        throw new SettingException("--pool", pool, "a pool whose servers speak http or https");
                    });
        }
    }

    /**
     * Returns the URI of the pool with those options of {@code serve} that the pool has too.
     *
     * @param drainSeconds the drain timeout in seconds, if it was set
     * @param sendProxy the version of the PROXY header that servers expect, if any
     */
    String uri(Optional<String> drainSeconds, Optional<ProxyProtocol> sendProxy) {
        if (isDemo()) {
            naming.specChange();
            return pool;
        }
        String advice = "leave it out: this balancer does not start the servers of such a pool";
        PoolOptions options = new PoolOptions(pool)
                .with("--servers", "servers", servers.map(count -> String.valueOf(serverCount())), advice)
                .with("--on-exit", "on-exit", onExit.map(word -> keepsServers() ? "keep" : "stop"), advice)
                .with("--on-spec-change", "on-spec-change", naming.checkedSpecChange(), advice)
                .with("--drain-timeout", "drain-seconds", drainSeconds, "leave it out");
        if (options.lacks("probe-proxy")) {
            Optional<String> version = sendProxy.map(each -> each == ProxyProtocol.V1 ? "v1" : "v2");
            options = options.with("--send-proxy", "probe-proxy", version, "");
        }
        boolean limitsPolicyOnly = maxServers.isPresent()
                && !options.lacks("max-servers")
                && options.number("max-servers", UPPER_LIMIT).isEmpty();
        return (limitsPolicyOnly
                        ? options
                        : options.with(
                                "--max-servers",
                                "max-servers",
                                maxServers.map(max -> String.valueOf(maxServers())),
                                ""))
                .uri();
    }
}
