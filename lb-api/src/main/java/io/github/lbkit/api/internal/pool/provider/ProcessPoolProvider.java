package io.github.lbkit.api.internal.pool.provider;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import io.github.lbkit.api.pool.supervised.ProbeSettings;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The provider of {@link SupervisedPool}s of local processes: {@code process:} and a command line. */
public final class ProcessPoolProvider implements ServerPoolProvider {
    private static final int MOST_SECONDS = 3600;

    /** For {@link java.util.ServiceLoader}. */
    public ProcessPoolProvider() {}

    @Override
    public String scheme() {
        return "process";
    }

    @Override
    public Set<String> options() {
        Set<String> all = new HashSet<>(ProbeSettings.options());
        all.addAll(List.of(
                "servers",
                "max-servers",
                "ready-line",
                "ready-seconds",
                "drain-seconds",
                "stop-seconds",
                "output-mib",
                "on-exit",
                "on-spec-change"));
        return all;
    }

    @Override
    public String usage() {
        return "a command line with {port}, {id}, {name} or {generation} where they belong, split as a shell does"
                + " (quotes and backslashes, no '?'), and options: servers=1, max-servers=128, ready-line=REGEX (its"
                + " group port, if any, tells the port), " + ProbeSettings.usage() + ","
                + " ready-seconds=30, drain-seconds=30, stop-seconds=5, output-mib=10 (of each instance, twice),"
                + " on-exit=stop|keep,"
                + " on-spec-change=roll-out|keep|refuse; such as"
                + " process:./server --port {port}?servers=3&probe-path=/heartbeat";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        List<String> command = CommandLine.split(uri.body());
        if (command.isEmpty()) {
            throw new IllegalArgumentException("process: names no command; it takes " + usage());
        }
        boolean keep = keep(uri);
        ProcessOptions.Builder processes = ProcessOptions.command(command)
                .ignoreInterrupt(true)
                .outputLimit((long) uri.intOption("output-mib", 10, 1, 1 << 20) << 20)
                .input(keep ? ProcessOptions.Input.NONE : ProcessOptions.Input.PIPE);
        uri.option("ready-line").ifPresent(processes::readyLine);
        ProcessOptions process = processes.build();
        int max = uri.intOption("max-servers", 128, 1, 100_000);
        SupervisedOptions.Builder supervised = SupervisedOptions.builder()
                .maxServers(max)
                .servers(uri.intOption("servers", 1, 0, max))
                .readinessTimeout(seconds(uri, "ready-seconds", 30, 1))
                .drainTimeout(seconds(uri, "drain-seconds", 30, 0))
                .stopGrace(seconds(uri, "stop-seconds", 5, 0))
                .onClose(keep ? SupervisedOptions.OnClose.KEEP : SupervisedOptions.OnClose.STOP)
                .onSpecChange(SupervisedOptions.OnSpecChange.of(uri));
        ProbeSettings probes = new ProbeSettings(uri, context);
        try {
            return open(context, process, supervised, probes);
        } catch (RuntimeException | Error e) {
            probes.close();
            throw e;
        }
    }

    private static SupervisedPool open(
            PoolContext context, ProcessOptions process, SupervisedOptions.Builder supervised, ProbeSettings probes) {
        ProcessLauncher launcher = ProcessLauncher.open(context, process);
        try {
            SupervisedPool pool = SupervisedPool.open(
                    context, launcher, probes.applyTo(supervised).build());
            var unused = pool.closed().thenRun(probes::close);
            return pool;
        } catch (RuntimeException | Error e) {
            launcher.close();
            throw e;
        }
    }

    private static boolean keep(PoolUri uri) {
        String onExit = uri.option("on-exit").orElse("stop");
        if (!onExit.equals("stop") && !onExit.equals("keep")) {
            throw new IllegalArgumentException(
                    "option 'on-exit' of process: '" + VisibleText.of(onExit) + "' is not stop or keep");
        }
        return onExit.equals("keep");
    }

    private static Duration seconds(PoolUri uri, String option, int defaultSeconds, int min) {
        return Duration.ofSeconds(uri.intOption(option, defaultSeconds, min, MOST_SECONDS));
    }
}
