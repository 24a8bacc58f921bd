package io.github.lbkit.examples.decide;

import io.github.lbkit.hashing.Lint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells how evenly a policy spreads keys, and what to mind. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Tells how evenly a policy spreads keys over servers, and what to mind.")
public final class LintCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private ImaginedServers imagined = new ImaginedServers();

    /** Made by picocli. */
    public LintCommand() {}

    @Override
    public Integer call() {
        try {
            spec.commandLine()
                    .getOut()
                    .println(Lint.of(imagined.router(imagined.picker())).text());
            return 0;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }
}
