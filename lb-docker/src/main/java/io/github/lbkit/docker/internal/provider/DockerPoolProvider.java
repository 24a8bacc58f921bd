package io.github.lbkit.docker.internal.provider;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import io.github.lbkit.api.pool.supervised.ProbeSettings;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.docker.DockerMount;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.DockerServerPool;
import io.github.lbkit.docker.internal.settings.VisibleOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The provider of {@link DockerServerPool}s for URIs of the scheme {@code docker}, followed by an image. */
public final class DockerPoolProvider implements ServerPoolProvider {
    private static final Logger LOG = LoggerFactory.getLogger(DockerPoolProvider.class);

    /** A comma with a second variable after it, which an earlier form of the option allowed. */
    private static final Pattern SECOND_VARIABLE = Pattern.compile(",[A-Z_][A-Z0-9_]*=");

    private static final int MAX_SECONDS = 3600;
    private static final int MAX_MEBIBYTES = 1 << 20;

    /** Called by {@link java.util.ServiceLoader}. */
    public DockerPoolProvider() {}

    @Override
    public String scheme() {
        return "docker";
    }

    @Override
    public Set<String> options() {
        Set<String> all = new HashSet<>(ProbeSettings.options());
        all.addAll(List.of(
                "port",
                "servers",
                "max-servers",
                "command",
                "env",
                "network",
                "memory-mb",
                "cpus",
                "read-only",
                "env-file",
                "mount",
                "label",
                "log-driver",
                "log-opt",
                "stop-signal",
                "workdir",
                "user",
                "cap-add",
                "pull",
                "engine",
                "ready-seconds",
                "drain-seconds",
                "stop-seconds",
                "on-exit",
                "on-spec-change"));
        return all;
    }

    @Override
    public Set<String> repeatable() {
        return Set.of("command", "env", "env-file", "mount", "label", "log-opt", "cap-add");
    }

    @Override
    public String usage() {
        return "an image that the engine has, and options: port=PORT inside of the container (needed), servers=1,"
                + " max-servers=128, command=WORD,WORD… or command=WORD&command=WORD… (words that hold commas),"
                + " env=NAME=VALUE&env=NAME=VALUE… ({id} is replaced by the server's id), env-file=PATH,"
                + " mount=type=bind|volume|tmpfs,source=…,target=/PATH,readonly, label=NAME=VALUE, log-driver=NAME,"
                + " log-opt=NAME=VALUE, stop-signal=NAME, workdir=/PATH,"
                + " network=NAME (else the port is published on 127.0.0.1), memory-mb=N, cpus=N, read-only=no|yes,"
                + " user=UID, cap-add=NAME,NAME…, pull=never|missing|always, engine=unix:///PATH or tcp://HOST:PORT,"
                + " " + ProbeSettings.usage() + ", ready-seconds=30,"
                + " drain-seconds=30, stop-seconds=5, on-exit=stop|keep, on-spec-change=roll-out|keep|refuse; such as"
                + " docker:shop:1.7?port=8080&servers=3&probe-path=/health";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        if (uri.body().isEmpty() || uri.option("port").isEmpty()) {
            throw new IllegalArgumentException("docker: needs an image and port=PORT; it takes " + usage());
        }
        int max = uri.intOption("max-servers", 128, 1, 100_000);
        SupervisedOptions.Builder supervised = SupervisedOptions.builder()
                .maxServers(max)
                .servers(uri.intOption("servers", 1, 0, max))
                .readinessTimeout(seconds(uri, "ready-seconds", 30, 1))
                .drainTimeout(seconds(uri, "drain-seconds", 30, 0))
                .stopGrace(seconds(uri, "stop-seconds", 5, 0))
                .onClose(
                        choice(uri, "on-exit", "stop", "keep") == 0
                                ? SupervisedOptions.OnClose.STOP
                                : SupervisedOptions.OnClose.KEEP)
                .onSpecChange(SupervisedOptions.OnSpecChange.of(uri));
        DockerOptions.Builder containers = containers(uri);
        ProbeSettings probes = new ProbeSettings(uri, context);
        try {
            DockerServerPool pool = DockerServerPool.open(
                    context, containers.build(), probes.applyTo(supervised).build());
            pool.whenClosed(probes::close);
            return pool;
        } catch (RuntimeException e) {
            probes.close();
            throw e;
        }
    }

    private static DockerOptions.Builder containers(PoolUri uri) {
        DockerOptions.Builder containers = DockerOptions.image(uri.body(), uri.intOption("port", 0, 1, 65_535));
        containers.command(list(uri, "command"));
        uri.all("env-file").forEach(file -> containers.environmentFile(Path.of(file)));
        pairs(uri, "env", (name, value) -> {
            if (uri.all("env").size() == 1 && SECOND_VARIABLE.matcher(value).find()) {
                LOG.warn(
                        "option env of docker: all after the first = is the value of {}, commas included; for several"
                                + " variables repeat the option: env=NAME=VALUE&env=NAME=VALUE",
                        name);
            }
            containers.environment(name, value);
        });
        uri.all("mount").forEach(mount -> containers.mount(DockerMount.parse(mount)));
        pairs(uri, "label", containers::label);
        Map<String, String> logOptions = new LinkedHashMap<>();
        pairs(uri, "log-opt", logOptions::put);
        if (uri.option("log-driver").isPresent()) {
            containers.log(uri.option("log-driver").get(), logOptions);
        } else if (!logOptions.isEmpty()) {
            throw new IllegalArgumentException("option 'log-opt' of docker: needs log-driver=NAME");
        }
        uri.option("stop-signal").ifPresent(containers::stopSignal);
        uri.option("workdir").ifPresent(containers::workingDirectory);
        uri.option("network").ifPresent(containers::network);
        if (uri.option("memory-mb").isPresent()) {
            containers.memory((long) uri.intOption("memory-mb", 0, 6, MAX_MEBIBYTES) << 20);
        }
        uri.option("cpus").ifPresent(value -> containers.cpus(decimal(value)));
        containers.readOnlyRoot(choice(uri, "read-only", "no", "yes") == 1);
        uri.option("user").ifPresent(containers::user);
        containers.capabilities(list(uri, "cap-add"));
        uri.option("engine").ifPresent(containers::engine);
        String pull = List.of("never", "missing", "always").get(choice(uri, "pull", "never", "missing", "always"));
        return containers.pull(DockerOptions.Pull.valueOf(pull.toUpperCase(Locale.ROOT)));
    }

    /** Returns the values of a repeated option, or the parts between commas of an option that occurs once. */
    private static List<String> list(PoolUri uri, String option) {
        List<String> values = uri.all(option);
        return values.size() == 1 ? Arrays.asList(values.get(0).split(",", -1)) : values;
    }

    private static void pairs(PoolUri uri, String option, BiConsumer<String, String> to) {
        Set<String> names = new HashSet<>();
        for (String pair : uri.all(option)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "option '" + option + "' of docker: '" + VisibleOutput.of(pair) + "' is not NAME=VALUE");
            }
            String name = pair.substring(0, equals);
            if (!names.add(name)) {
                throw new IllegalArgumentException(
                        "option '" + option + "' of docker: '" + VisibleOutput.of(name) + "' is given twice");
            }
            to.accept(name, pair.substring(equals + 1));
        }
    }

    private static double decimal(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option 'cpus' of docker: '" + text + "' is not a number", e);
        }
    }

    private static int choice(PoolUri uri, String option, String... allowed) {
        String value = uri.option(option).orElse(allowed[0]);
        int at = Arrays.asList(allowed).indexOf(value);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "option '" + option + "' of docker: '" + value + "' is not " + String.join(" or ", allowed));
        }
        return at;
    }

    private static Duration seconds(PoolUri uri, String option, int defaultSeconds, int min) {
        return Duration.ofSeconds(uri.intOption(option, defaultSeconds, min, MAX_SECONDS));
    }
}
