package io.github.lbkit.examples;

import io.github.lbkit.examples.analysis.AnalyzeCommand;
import io.github.lbkit.examples.certificate.CertificateCommand;
import io.github.lbkit.examples.decide.ExplainCommand;
import io.github.lbkit.examples.decide.LintCommand;
import io.github.lbkit.examples.decide.PlanCommand;
import io.github.lbkit.examples.demo.ServerCommand;
import io.github.lbkit.examples.log.Logs;
import io.github.lbkit.examples.rollout.RolloutCommand;
import io.github.lbkit.examples.secret.SecretFilterStream;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.ServeCommand;
import io.github.lbkit.examples.serve.settings.SettingSources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The entry point of the jar, with its commands. */
@Command(
        name = "lbkit",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "A load balancer that starts and heals its own servers.",
        subcommands = {
            ServeCommand.class,
            RolloutCommand.class,
            ServerCommand.class,
            AnalyzeCommand.class,
            ExplainCommand.class,
            PlanCommand.class,
            LintCommand.class,
            CertificateCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    private static final Duration LOG_END = Duration.ofSeconds(2);
    private static final String REJECT_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /** Creates the command; picocli calls this. */
    public Main() {}

    /** Runs a command and exits with its status: 0 for success, 1 for a failure, 2 for a wrong argument. */
    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true"); // charts are drawn without a display
        rejectRenegotiation();
        Logs.choose();
        int status = run(
                List.of(arguments),
                new CommandLine(new Main()),
                secrets -> System.setErr(SecretFilterStream.before(System.err, secrets)));
        Logs.flush(LOG_END);
        System.exit(status);
    }

    /**
     * Refuses renegotiation by clients of TLS 1.2, which costs much processor time. The JDK reads the property once,
     * when its TLS classes are loaded. A value of the command line stays.
     */
    private static void rejectRenegotiation() {
        if (System.getProperty(REJECT_RENEGOTIATION) == null) {
            System.setProperty(REJECT_RENEGOTIATION, "true");
        }
    }

    /** Runs a command; returns its exit status. */
    static int run(List<String> arguments) {
        return run(arguments, new CommandLine(new Main()));
    }

    /** Runs a command with the output of this command line; returns its exit status. */
    public static int run(List<String> arguments, CommandLine line) {
        return run(arguments, line, secrets -> {});
    }

    private static int run(List<String> arguments, CommandLine line, Consumer<Secrets> beforeOutput) {
        Map<String, String> settings = new TreeMap<>(System.getenv());
        settings.keySet().removeIf(name -> !name.startsWith(SettingSources.PREFIX));
        Secrets given = Secrets.of(arguments, settings);
        Optional<String> warning = Optional.empty();
        CommandLine serve = line.getSubcommands().get("serve");
        if (serve != null && !arguments.isEmpty() && arguments.get(0).equals("serve")) {
            try {
                SettingSources sources = SettingSources.of(serve, arguments, System.getenv());
                settings.putAll(sources.values());
                warning = sources.warning();
                serve.setDefaultValueProvider(sources);
            } catch (IllegalArgumentException wrong) {
                line.getErr().println(given.messageOf(wrong));
                return 2;
            }
        }
        Secrets secrets = Secrets.of(arguments, settings);
        beforeOutput.accept(secrets);
        warning.ifPresent(text -> LoggerFactory.getLogger(SettingSources.class).warn(text));
        line.setParameterExceptionHandler((wrong, args) -> {
            line.getErr().println(secrets.messageOf(wrong));
            line.getErr().println("See: lbkit " + wrong.getCommandLine().getCommandName() + " --help");
            return 2;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            line.getErr().println("lbkit: " + secrets.messageOf(failure));
            return 1;
        });
        return line.execute(arguments.toArray(String[]::new));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** The version in the manifest of the jar. */
    static final class Version implements IVersionProvider {
        Version() {}

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"lbkit " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
