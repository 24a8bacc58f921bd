package io.github.lbkit.examples.serve;

import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.examples.serve.settings.SettingSources;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that runs the balancer until it gets a stop signal. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs the balancer.",
        footer = {
            "",
            "Every option can also be set in the file of --config, as 'name: value' without the leading hyphens, and"
                    + " in the environment: LBKIT_MAX_SERVERS is --max-servers. The command line overrides the"
                    + " environment,"
                    + " and the environment overrides the file."
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private ServeSettings settings = new ServeSettings();

    /** The file with settings; {@link SettingSources} reads it before this command is parsed. */
    @Option(names = "--config", paramLabel = "FILE", description = "a YAML file with settings")
    @SuppressWarnings("UnusedVariable") // declared for --help
    private String config = "";

    /** Creates the command; picocli calls this. */
    public ServeCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Balancer balancer;
        try {
            settings.log().check();
            settings.log().apply();
            balancer = Balancer.start(settings);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        StartLog.log(balancer, version(), settings, spec.options());
        Optional<SystemdNotices> systemd = SystemdNotices.start(
                balancer, System.getenv(), settings.listenAddress().isShared());
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
