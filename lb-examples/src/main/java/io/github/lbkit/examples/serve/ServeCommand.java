package io.github.lbkit.examples.serve;

import java.io.IOException;
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
            balancer = Balancer.start(settings);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        StopSignals signals = StopSignals.install(balancer);
        try {
            spec.commandLine().getOut().println(balancer.awaitReady());
        } catch (NothingStartedException e) {
            balancer.close();
            throw e;
        }
        spec.commandLine().getOut().flush();
        balancer.awaitClosed();
        return signals.exitStatus();
    }
}
