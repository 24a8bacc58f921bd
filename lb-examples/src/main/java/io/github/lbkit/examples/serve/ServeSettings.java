package io.github.lbkit.examples.serve;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.PoolUri;
import io.github.lbkit.examples.decide.PolicyChoice;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.secret.TokenFile;
import io.github.lbkit.http.KeyExtractor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What {@code serve} is told: by the command line, by the environment, or by a file. Read once, before anything is
 * started; each method that turns text into a value refuses what is not allowed.
 */
public final class ServeSettings {
    private static final String DEMO_POOL = "process";
    private static final String DEMO_CONTAINERS = "docker";
    private static final int DEMO_SERVERS = 3;
    private static final int DEFAULT_MAX = 128;
    private static final int MOST_SERVERS = 100_000;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7432",
            description = "where clients connect (default: ${DEFAULT-VALUE})")
    String listen = "127.0.0.1:7432";

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT|off",
            defaultValue = "127.0.0.1:7433",
            description = "where operators connect (default: ${DEFAULT-VALUE})")
    String admin = "127.0.0.1:7433";

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            defaultValue = DEMO_POOL,
            description = "where servers come from: 'process' or 'docker' for demo servers on this machine, or a pool's"
                    + " URI, such as static:http://127.0.0.1:9001,http://127.0.0.1:9002 (default: ${DEFAULT-VALUE})")
    String pool = DEMO_POOL;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description =
                    "how many servers to begin with, of a pool that starts its servers (default: 3 demo servers, else what"
                            + " the pool's URI says)")
    Optional<Integer> servers = Optional.empty();

    @Option(
            names = "--max-servers",
            paramLabel = "N",
            description = "how many servers there may be (default: what the pool's URI says, else 128)")
    Optional<Integer> maxServers = Optional.empty();

    @Option(
            names = "--on-exit",
            paramLabel = "stop|keep",
            description = "what becomes of the servers that were started (default: stop, or what the pool's URI says)")
    Optional<String> onExit = Optional.empty();

    @Mixin
    PoolNameSettings naming = new PoolNameSettings();

    @Mixin
    PolicyChoice policy = new PolicyChoice();

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "request-id",
            description = "what a request is routed by: request-id, client-ip, path, header:NAME, cookie:NAME,"
                    + " query:NAME (default: ${DEFAULT-VALUE})")
    String key = "request-id";

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            defaultValue = "5",
            description = "how many servers a request may try (default: ${DEFAULT-VALUE})")
    int maxAttempts = 5;

    @Mixin
    OverloadSettings overload = new OverloadSettings();

    @Option(
            names = "--health-path",
            paramLabel = "PATH|off",
            description =
                    "what servers are asked to see whether they can serve; 200 to 299 is well (default: /heartbeat"
                            + " for demo servers, off for others)")
    Optional<String> healthPath = Optional.empty();

    @Option(
            names = "--health-interval",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "milliseconds between two such questions to one server (default: ${DEFAULT-VALUE})")
    long healthMillis = 1_000;

    @Option(
            names = "--map-404",
            paramLabel = "on|off|auto",
            defaultValue = "auto",
            description = "answer a server's 404 with the demo's 400; auto is on for demo servers alone (default:"
                    + " ${DEFAULT-VALUE})")
    String map404 = "auto";

    @Option(
            names = "--reserved-paths",
            paramLabel = "on|off|auto",
            defaultValue = "auto",
            description =
                    "answer /rep, /add, /rm, /performancegraph and /performance_graph to clients, instead of passing"
                            + " them to servers; auto is on for demo servers alone; the admin listener always answers them"
                            + " (default: ${DEFAULT-VALUE})")
    String reservedPaths = "auto";

    @Option(
            names = "--host-names",
            paramLabel = "NAME",
            split = ",",
            description = "further names by which clients may call the reserved paths")
    List<String> hostNames = new ArrayList<>();

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description =
                    "the bearer token that changes must show, and every request to the admin listener but /health,"
                            + " /ready and the dashboard's own files; read again when the file changes; needed where a listener is"
                            + " not loopback")
    Optional<Path> adminTokenFile = Optional.empty();

    @Option(
            names = "--admin-without-token",
            description = "allow changes without a token on a listener that is not loopback")
    boolean adminWithoutToken;

    @Mixin
    AccessSettings access = new AccessSettings();

    @Mixin
    TimeoutSettings timeouts = new TimeoutSettings();

    @Mixin
    StopSettings stopping = new StopSettings();

    @Mixin
    LogSettings log = new LogSettings();

    @Mixin
    BufferSettings buffers = new BufferSettings();

    @Option(names = "--loops", paramLabel = "N", description = "event loops (default: one for each processor)")
    Optional<Integer> loops = Optional.empty();

    @Mixin
    LimitSettings limits = new LimitSettings();

    @Mixin
    PeerSettings peers = new PeerSettings();

    @Option(
            names = "--max-clients",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "how many connections of clients there may be, 1 to 1000000; fewer where the process may not open"
                            + " that many files (default: ${DEFAULT-VALUE})")
    int maxClients = 10_000;

    @Option(names = "--access-log", description = "log a line for each request")
    boolean accessLog;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "where pools keep what outlives the balancer (default: .local/state/lbkit at home)")
    Optional<Path> stateDir = Optional.empty();

    /** The defaults. */
    public ServeSettings() {}

    /**
     * What these arguments say; of options that stand twice the last counts.
     *
     * @throws CommandLine.ParameterException if one is unknown, or lacks its value
     */
    public static ServeSettings of(List<String> arguments) {
        ServeSettings settings = new ServeSettings();
        new CommandLine(settings).setOverwrittenOptionsAllowed(true).parseArgs(arguments.toArray(String[]::new));
        return settings;
    }

    /**
     * Refuses what is not allowed, before anything is started; the token's file, which may be a pipe, is not read.
     *
     * @throws IllegalArgumentException naming the first that is wrong, and what it may be
     */
    void check() {
        listenAddress();
        adminAddress();
        makePolicy();
        keyExtractor();
        serverCount();
        maxAttempts();
        healthPath();
        healthInterval();
        loops();
        maxClients();
        mapsUnknownPaths();
        reservesPaths();
        keepServers();
        timeouts.check();
        stopping.check();
        log.check();
        buffers.check();
        overload.check();
        peers.check();
        requireHttp();
        access.check(adminTokenFile);
        poolName();
        poolUri();
        limits.limits();
    }

    /** Returns what text for people must not show of these settings. */
    Secrets secrets() {
        List<String> all = new ArrayList<>(List.of(pool));
        healthPath.ifPresent(all::add);
        policy.options().forEach((name, value) -> all.add(name + "=" + value));
        return Secrets.of(all);
    }

    ListenAddress listenAddress() {
        return ListenAddress.parse("--listen", listen);
    }

    Optional<ListenAddress> adminAddress() {
        return admin.equals("off") ? Optional.empty() : Optional.of(ListenAddress.parse("--admin", admin));
    }

    /** Returns the name of the pool. */
    String poolName() {
        return naming.name(listenAddress());
    }

    /** Returns the URI of the pool, with the options of {@code serve} that the pool has too. */
    String poolUri() {
        if (demoServers()) {
            naming.specChange();
            return pool;
        }
        String own = "leave it out: this balancer does not start the servers of such a pool";
        PoolOptions options = new PoolOptions(pool)
                .with("--servers", "servers", servers.map(count -> String.valueOf(serverCount())), own)
                .with("--on-exit", "on-exit", onExit.map(word -> keepServers() ? "keep" : "stop"), own)
                .with(
                        "--on-spec-change",
                        "on-spec-change",
                        naming.onSpecChange.map(word -> {
                            naming.specChange();
                            return word;
                        }),
                        own)
                .with("--drain-timeout", "drain-seconds", timeouts.drainSeconds(), "leave it out");
        return (maxServers.isPresent()
                                && !options.lacks("max-servers")
                                && options.number("max-servers", MOST_SERVERS).isEmpty()
                        ? options // the policy alone has this limit
                        : options.with(
                                "--max-servers",
                                "max-servers",
                                maxServers.map(max -> String.valueOf(maxServers())),
                                ""))
                .uri();
    }

    /** Returns whether {@code --servers} decides how many servers of this pool there are at the start. */
    public static boolean decidesServers(String pool) {
        return pool.equals(DEMO_POOL) || pool.equals(DEMO_CONTAINERS) || new PoolOptions(pool).lacks("servers");
    }

    /** Refuses a pool whose URI names another protocol of its servers; the proxy refuses servers that tell it themselves. */
    private void requireHttp() {
        if (!demoServers()) {
            PoolUri.parse(pool)
                    .option("scheme")
                    .filter(scheme -> !scheme.equals("http"))
                    .ifPresent(scheme -> {
                        throw new SettingException(
                                "--pool",
                                pool,
                                "a pool whose servers speak http: the balancer has no TLS towards servers yet");
                    });
        }
    }

    boolean demoServers() {
        return pool.equals(DEMO_POOL) || demoContainers();
    }

    boolean demoContainers() {
        return pool.equals(DEMO_CONTAINERS);
    }

    boolean keepServers() {
        return choice("--on-exit", onExit.orElse("stop"), "stop", "keep") == 1;
    }

    boolean mapsUnknownPaths() {
        return isOn("--map-404", map404);
    }

    /** Whether clients are answered the reserved paths, by which servers can be added and removed. */
    boolean reservesPaths() {
        return isOn("--reserved-paths", reservedPaths);
    }

    private boolean isOn(String option, String value) {
        int choice = choice(option, value, "on", "off", "auto");
        return choice == 0 || (choice == 2 && demoServers());
    }

    Policy makePolicy() {
        return policy.make(maxServers());
    }

    KeyExtractor keyExtractor() {
        int colon = key.indexOf(':');
        String name = colon < 0 ? "" : key.substring(colon + 1);
        Optional<KeyExtractor> extractor = colon < 0 ? plainKey(key) : namedKey(key.substring(0, colon), name);
        return extractor.orElseThrow(() -> new SettingException(
                "--key", key, "request-id, client-ip, path, header:NAME, cookie:NAME, query:NAME"));
    }

    private static Optional<KeyExtractor> plainKey(String kind) {
        return switch (kind) {
            case "request-id" -> Optional.of(KeyExtractor.requestId());
            case "client-ip" -> Optional.of(KeyExtractor.clientIp());
            case "path" -> Optional.of(KeyExtractor.path());
            default -> Optional.empty();
        };
    }

    private static Optional<KeyExtractor> namedKey(String kind, String name) {
        return name.isBlank()
                ? Optional.empty()
                : switch (kind) {
                    case "header" -> Optional.of(KeyExtractor.header(name));
                    case "cookie" -> Optional.of(KeyExtractor.cookie(name));
                    case "query" -> Optional.of(KeyExtractor.query(name));
                    default -> Optional.empty();
                };
    }

    int serverCount() {
        int count = servers.orElse(Math.min(DEMO_SERVERS, maxServers()));
        if (count < 0 || count > maxServers()) {
            throw new SettingException("--servers", String.valueOf(count), "0 to --max-servers, " + maxServers());
        }
        return count;
    }

    int maxServers() {
        return maxServers
                .map(value -> atLeastOne("--max-servers", value))
                .or(() -> demoServers() ? Optional.empty() : new PoolOptions(pool).number("max-servers", MOST_SERVERS))
                .orElse(DEFAULT_MAX);
    }

    int maxAttempts() {
        return atLeastOne("--max-attempts", maxAttempts);
    }

    /** The path of health checks, if there are any. */
    Optional<String> healthPath() {
        String path = healthPath.orElse(demoServers() ? "/heartbeat" : "off");
        if (path.equals("off")) {
            return Optional.empty();
        }
        if (!path.matches("/[!-~]*")) {
            throw new SettingException("--health-path", path, "off, or a path such as /health");
        }
        return Optional.of(path);
    }

    Duration healthInterval() {
        return millis("--health-interval", healthMillis);
    }

    Optional<Integer> loops() {
        return loops.map(value -> atLeastOne("--loops", value));
    }

    int maxClients() {
        if (maxClients < 1 || maxClients > 1_000_000) {
            throw new SettingException("--max-clients", String.valueOf(maxClients), "1 to 1000000");
        }
        return maxClients;
    }

    Path stateDirectory() {
        return stateDir.orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state", "lbkit"));
    }

    /** The token, if there is one; refused where a listener that is not loopback would take changes from anyone. */
    Optional<TokenFile> adminToken() {
        boolean open = (reservesPaths() && !listenAddress().isLoopback("--listen"))
                || adminAddress().map(a -> !a.isLoopback("--admin")).orElse(false);
        if (open && adminTokenFile.isEmpty() && !adminWithoutToken) {
            throw new IllegalArgumentException("a listener that is not loopback and takes changes (--listen " + listen
                    + ", --admin " + admin + ", --reserved-paths " + reservedPaths
                    + ") needs --admin-token-file FILE, or --admin-without-token to let anyone change servers");
        }
        return adminTokenFile.map(TokenFile::open);
    }

    static int choice(String option, String value, String... allowed) {
        for (int i = 0; i < allowed.length; i++) {
            if (allowed[i].equals(value.toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        throw new SettingException(option, value, String.join(", ", allowed));
    }

    static int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new SettingException(option, String.valueOf(value), "1 or more");
        }
        return value;
    }

    static Duration millis(String option, long value) {
        if (value < 1) {
            throw new SettingException(option, String.valueOf(value), "milliseconds, 1 or more");
        }
        return Duration.ofMillis(value);
    }
}
