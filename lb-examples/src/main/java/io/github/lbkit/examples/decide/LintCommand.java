package io.github.lbkit.examples.decide;

import io.github.lbkit.hashing.Lint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that shows how evenly a policy distributes keys, with warnings. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Shows how evenly a policy distributes keys over servers, with warnings.")
public final class LintCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private HypotheticalServers hypothetical = new HypotheticalServers();

    /** Creates the command; picocli calls this. */
    public LintCommand() {}

    @Override
    public Integer call() {
        try {
            spec.commandLine()
                    .getOut()
                    .println(Lint.of(hypothetical.router(hypothetical.picker())).text());
            return 0;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }
}
