package io.github.lbkit.examples.serve;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.examples.demo.ServerProcess;
import io.github.lbkit.examples.docker.DockerDemo;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The pool of demo servers: processes of this program on this machine, or containers of it. Stateless. */
final class DemoPool {
    /** The options of the JVM of a demo server; a small heap and one compiler make the start faster. */
    private static final List<String> JVM =
            List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto");

    private static final String READY = "lbkit server '.*' ready on http://\\S+:(?<port>\\d+)";
    private static final String REPLACEMENT_PREFIX = "emergency_";

    private static final Duration LIVENESS = Duration.ofSeconds(1);
    private static final int LIVENESS_FAILURES = 3;

    private DemoPool() {}

    /**
     * An open pool.
     *
     * @param dependencies the resources that the pool uses; closed after the pool
     */
    record Opened(ManagedServerPool pool, Subscription dependencies) {}

    /** Opens the pool. */
    static Opened open(PoolContext context, ServeSettings settings) throws IOException {
        TcpProbe probe = TcpProbe.http(context.runtimes(), "/heartbeat");
        SupervisedOptions.Builder supervised = SupervisedOptions.builder()
                .servers(settings.pool().serverCount())
                .maxServers(settings.pool().maxServers())
                .probe(probe)
                .liveness(HealthChecks.builder(probe)
                        .interval(LIVENESS)
                        .failingInterval(LIVENESS)
                        .timeout(LIVENESS)
                        .fall(LIVENESS_FAILURES)
                        .build())
                .drainTimeout(settings.timeouts().drain())
                .onSpecChange(settings.pool().specChange())
                .replacementPrefix(REPLACEMENT_PREFIX)
                .onClose(
                        settings.pool().keepsServers()
                                ? SupervisedOptions.OnClose.KEEP
                                : SupervisedOptions.OnClose.STOP);
        try {
            ManagedServerPool pool = settings.pool().runsDemoContainers()
                    ? DockerDemo.open(context, supervised.build(), System.err::println)
                    : processes(context, supervised, settings.pool().keepsServers());
            return new Opened(pool, probe::close);
        } catch (IOException | RuntimeException e) {
            probe.close();
            throw e;
        }
    }

    private static ManagedServerPool processes(
            PoolContext context, SupervisedOptions.Builder supervised, boolean keep) {
        Launcher launcher = ProcessLauncher.open(
                context,
                ProcessOptions.command(command(keep))
                        .readyLine(READY)
                        .ignoreInterrupt(true)
                        .input(keep ? ProcessOptions.Input.NONE : ProcessOptions.Input.PIPE)
                        .build());
        return SupervisedPool.open(
                context,
                launcher,
                supervised
                        .leftovers(keep ? SupervisedOptions.Leftovers.ADOPT : SupervisedOptions.Leftovers.RETIRE)
                        .build());
    }

    private static List<String> command(boolean keep) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServerProcess.class.getName(), "{id}"));
        if (!keep) {
            command.add(ServerProcess.UNTIL_STDIN_ENDS);
        }
        return command;
    }
}
