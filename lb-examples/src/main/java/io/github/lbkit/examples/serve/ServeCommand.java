package io.github.lbkit.examples.serve;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the balancer until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs the balancer.",
        footer = {
            "",
            "Every option can stand in the file of --config as 'name: value' without its hyphens, and in the"
                    + " environment: --max-servers is LBKIT_MAX_SERVERS. The command line wins over the environment, and"
                    + " the environment over the file."
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private ServeSettings settings = new ServeSettings();

    /** Read by {@link SettingSources} before the others are. */
    @Option(names = "--config", paramLabel = "FILE", description = "a YAML file with settings")
    @SuppressWarnings("UnusedVariable") // here for --help
    private String config = "";

    /** Made by picocli. */
    public ServeCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Balancer balancer;
        try {
            settings.log.check();
            settings.log.apply();
            balancer = Balancer.start(settings);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        StartLine.log(balancer, version(), settings, spec.options());
        Optional<SystemdNotices> systemd = SystemdNotices.start(balancer, System.getenv());
        StopSignals signals = StopSignals.install(balancer, () -> systemd.ifPresent(SystemdNotices::stopping));
        String ready;
        try {
            ready = balancer.awaitReady();
        } catch (RuntimeException e) {
            balancer.close();
            throw e;
        }
        if (!balancer.isStopping()) {
            systemd.ifPresent(SystemdNotices::ready);
            spec.commandLine().getOut().println(ready);
            spec.commandLine().getOut().flush();
        }
        balancer.awaitClosed();
        systemd.ifPresent(SystemdNotices::close);
        return signals.exitStatus();
    }

    private String version() {
        String[] lines = spec.root().version();
        return lines.length == 0 ? "lbkit" : lines[0];
    }
}
