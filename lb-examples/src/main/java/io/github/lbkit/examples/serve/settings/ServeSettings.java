package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.Policy;
import io.github.lbkit.examples.decide.PolicyOptions;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.secret.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The settings of {@code serve} from the command line, the environment and a file. They are read once, before anything
 * is started. Each method that turns text into a value refuses text that is not allowed.
 */
public final class ServeSettings {
    private static final int MAX_CLIENTS = 1_000_000;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT|unix:/PATH[,mode=660]|inherited",
            defaultValue = "127.0.0.1:7432",
            description = "the address of the traffic listener, for clients; 'inherited' is the listening socket that"
                    + " is the standard input (default: ${DEFAULT-VALUE})")
    private String listen = "127.0.0.1:7432";

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT|unix:/PATH[,mode=660]|off",
            defaultValue = "127.0.0.1:7433",
            description = "the address of the admin listener, for operators (default: ${DEFAULT-VALUE})")
    private String admin = "127.0.0.1:7433";

    @Mixin
    private PoolSettings pool = new PoolSettings();

    @Mixin
    private PolicyOptions policy = new PolicyOptions();

    @Mixin
    private KeySettings key = new KeySettings();

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            defaultValue = "5",
            description = "the maximum number of servers that one request may try (default: ${DEFAULT-VALUE})")
    private int maxAttempts = 5;

    @Mixin
    private OverloadSettings overload = new OverloadSettings();

    @Mixin
    private HealthSettings health = new HealthSettings();

    @Mixin
    private ReservedPathSettings reserved = new ReservedPathSettings();

    @Mixin
    private AccessSettings access = new AccessSettings();

    @Mixin
    private TimeoutSettings timeouts = new TimeoutSettings();

    @Mixin
    private StopSettings stopping = new StopSettings();

    @Mixin
    private LogSettings log = new LogSettings();

    @Mixin
    private BufferSettings buffers = new BufferSettings();

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "the number of event loops (default: one for each processor)")
    private Optional<Integer> loops = Optional.empty();

    @Mixin
    private LimitSettings limits = new LimitSettings();

    @Mixin
    private PeerSettings peers = new PeerSettings();

    @Mixin
    private TlsSettings tls = new TlsSettings();

    @Mixin
    private HttpsSettings https = new HttpsSettings();

    @Mixin
    private ServerTlsSettings serverTls = new ServerTlsSettings();

    @Mixin
    private UpgradeSettings upgrades = new UpgradeSettings();

    @Option(
            names = "--max-clients",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "the maximum number of client connections, 1 to 1000000; fewer if the limit of open files of the"
                            + " process"
                            + " is too low (default: ${DEFAULT-VALUE})")
    private int maxClients = 10_000;

    @Option(names = "--access-log", description = "log one line for each request")
    private boolean accessLog;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "the directory in which pools keep their state across restarts (default: .local/state/lbkit in"
                            + " the home directory)")
    private Optional<Path> stateDir = Optional.empty();

    /** Creates settings with the default values. */
    public ServeSettings() {}

    /**
     * Returns the settings of a command line. If an option is given twice, the last value counts.
     *
     * @throws CommandLine.ParameterException if an option is unknown, or its value is missing
     */
    public static ServeSettings of(List<String> arguments) {
        ServeSettings settings = new ServeSettings();
        new CommandLine(settings).setOverwrittenOptionsAllowed(true).parseArgs(arguments.toArray(String[]::new));
        return settings;
    }

    /**
     * Refuses values that are not allowed, before anything is started. The token file is not read here, because it may
     * be a pipe, which can be read only once.
     *
     * @throws IllegalArgumentException with the first wrong setting and its allowed values
     */
    public void check() {
        listenAddress();
        adminAddress();
        policy();
        key.extractor();
        pool.serverCount();
        maxAttempts();
        healthPath();
        health.interval();
        loops();
        maxClients();
        mapsUnknownPaths();
        reservesPaths();
        pool.keepsServers();
        timeouts.check();
        stopping.check();
        log.check();
        buffers.check();
        overload.check();
        peers.check();
        tls.check();
        https.check(tls.isOn(), listenAddress());
        if (key.name().equals("client-certificate") && !tls.asksForCertificates()) {
            throw new IllegalArgumentException(
                    "--key client-certificate needs --tls-client-ca FILE: no client shows a certificate without");
        }
        serverTls.check();
        upgrades.check();
        requireServersThatExpectProxyHeaders();
        pool.requireSupportedScheme();
        access.check();
        poolName();
        takeoverTimeout();
        poolUri();
        limits.limits();
    }

    /** Returns the secrets in these settings, which no output may show. */
    public Secrets secrets() {
        List<String> all = new ArrayList<>(List.of(pool.given()));
        health.given().ifPresent(all::add);
        policy.options().forEach((name, value) -> all.add(name + "=" + value));
        return Secrets.of(all);
    }

    /** The address of the traffic listener. */
    public ListenAddress listenAddress() {
        return ListenAddress.parse("--listen", listen);
    }

    /** The address of the admin listener; empty if there is no admin listener. */
    public Optional<ListenAddress> adminAddress() {
        return admin.equals("off") ? Optional.empty() : Optional.of(ListenAddress.parse("--admin", admin));
    }

    private void requireServersThatExpectProxyHeaders() {
        if (pool.isDemo() && peers.sendProxy().isPresent()) {
            throw new IllegalArgumentException(
                    "--send-proxy needs servers that expect a PROXY header, and the demo servers" + " of --pool "
                            + pool.given() + " do not: leave --send-proxy out, or give the URI of a pool");
        }
    }

    /**
     * Returns whether the admin listener shares its port with other processes, so that the old and the new process of a
     * restart can listen at the same time.
     */
    public boolean sharesAdminPort() {
        return listenAddress().isShared()
                && adminAddress().filter(TcpListen.class::isInstance).isPresent();
    }

    /**
     * Refuses addresses on which another process listens.
     *
     * @throws IOException with the address and the reason
     */
    public void requireFreeListeners() throws IOException {
        listenAddress().requireFree("--listen");
        if (adminAddress().isPresent() && !sharesAdminPort()) {
            adminAddress().get().requireFree("--admin");
        }
    }

    /** The settings of the pool. */
    public PoolSettings pool() {
        return pool;
    }

    /** The name of the pool. */
    public String poolName() {
        return pool.name(listenAddress());
    }

    /** The maximum time to wait until the process that this one replaces has released the pool; zero for none. */
    public Duration takeoverTimeout() {
        return pool.takeoverTimeout(listenAddress());
    }

    /** The URI of the pool, with those options of {@code serve} that the pool has too. */
    public String poolUri() {
        return pool.uri(timeouts.drainSeconds(), peers.sendProxy());
    }

    /** The name and the options of the policy. */
    public PolicyOptions policyOptions() {
        return policy;
    }

    /** Creates the policy. */
    public Policy policy() {
        return policy.make(pool.maxServers());
    }

    /** The key of a request. */
    public KeySettings key() {
        return key;
    }

    /** The maximum number of servers that one request may try. */
    public int maxAttempts() {
        return OptionChecks.atLeastOne("--max-attempts", maxAttempts);
    }

    /** The caps, the queue and the retries. */
    public OverloadSettings overload() {
        return overload;
    }

    /** The health checks. */
    public HealthSettings health() {
        return health;
    }

    /** The path of the health checks; empty if there are none. */
    public Optional<String> healthPath() {
        return health.path(pool.isDemo());
    }

    /** Returns whether a 404 of a server is turned into the demo's 400. */
    public boolean mapsUnknownPaths() {
        return reserved.mapsUnknownPaths(pool.isDemo());
    }

    /** Returns whether the traffic listener answers the reserved paths, which can add and remove servers. */
    public boolean reservesPaths() {
        return reserved.reservesPaths(pool.isDemo());
    }

    /** The protection of the balancer's own endpoints. */
    public AccessSettings access() {
        return access;
    }

    /**
     * Opens the token file, if one is set.
     *
     * @throws IllegalArgumentException if a listener that is not on loopback would accept changes from anyone
     */
    public Optional<TokenFile> adminToken() {
        boolean exposed = (reservesPaths() && !listenAddress().isLocal("--listen"))
                || adminAddress().map(address -> !address.isLocal("--admin")).orElse(false);
        if (exposed && access.lacksToken()) {
            throw new IllegalArgumentException(
                    "a listener that is not on loopback and accepts changes (--listen " + listen
                            + ", --admin " + admin + ", --reserved-paths " + reserved.given()
                            + ") needs --admin-token-file FILE, or --admin-without-token to let anyone change servers");
        }
        return access.openTokenFile();
    }

    /** The timeouts. */
    public TimeoutSettings timeouts() {
        return timeouts;
    }

    /** The delay of a stop. */
    public StopSettings stopping() {
        return stopping;
    }

    /** The log. */
    public LogSettings log() {
        return log;
    }

    /** The buffers. */
    public BufferSettings buffers() {
        return buffers;
    }

    /** The number of event loops; empty for the default. */
    public Optional<Integer> loops() {
        return loops.map(value -> OptionChecks.atLeastOne("--loops", value));
    }

    /** The limits of messages. */
    public LimitSettings limits() {
        return limits;
    }

    /** The proxies in front, and the name of this proxy. */
    public PeerSettings peers() {
        return peers;
    }

    /** TLS towards clients. */
    public TlsSettings tls() {
        return tls;
    }

    /** The redirect to https, HSTS, and the field for client certificates. */
    public HttpsSettings https() {
        return https;
    }

    /** TLS towards servers. */
    public ServerTlsSettings serverTls() {
        return serverTls;
    }

    /** The protocols that requests may switch to. */
    public UpgradeSettings upgrades() {
        return upgrades;
    }

    /** The maximum number of client connections. */
    public int maxClients() {
        if (maxClients < 1 || maxClients > MAX_CLIENTS) {
            throw new SettingException("--max-clients", String.valueOf(maxClients), "1 to " + MAX_CLIENTS);
        }
        return maxClients;
    }

    /** Returns whether each request has a line in the access log. */
    public boolean accessLog() {
        return accessLog;
    }

    /** The directory of the pools' state. */
    public Path stateDirectory() {
        return stateDir.orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state", "lbkit"));
    }
}
