package io.github.lbkit.examples.serve;

import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} about what its pool finds at a start: its name, and servers made of another spec. */
final class PoolNameSettings {
    @Option(
            names = "--pool-name",
            paramLabel = "NAME",
            description =
                    "the name of the pool, by which a start finds the servers that an earlier one left; two balancers"
                            + " need different names where they share an engine or a state directory (default: lbkit-, the name of"
                            + " this host, and the host and port of --listen)")
    Optional<String> poolName = Optional.empty();

    @Option(
            names = "--on-spec-change",
            paramLabel = "WHAT",
            description =
                    "what becomes of servers that an earlier start left and that were made of another image, command"
                            + " or setting than this one is given: 'roll-out' replaces them one by one, 'keep' leaves them, 'refuse'"
                            + " ends the start (default: roll-out, or what the pool's URI says)")
    Optional<String> onSpecChange = Optional.empty();

    /** Returns what becomes of servers that were made of another spec. */
    SupervisedOptions.OnSpecChange specChange() {
        try {
            return SupervisedOptions.OnSpecChange.of(onSpecChange.orElse("roll-out"));
        } catch (IllegalArgumentException wrong) {
            throw new SettingException("--on-spec-change", onSpecChange.orElse(""), "roll-out, keep or refuse");
        }
    }

    /** Returns the name of the pool of a balancer that listens there. */
    String name(ListenAddress listen) {
        return poolName.map(PoolNameSettings::checked).orElseGet(() -> PoolName.of(PoolName.ofThisHost(), listen));
    }

    private static String checked(String name) {
        if (!PoolName.isAllowed(name)) {
            throw new SettingException(
                    "--pool-name",
                    name,
                    "1 to " + PoolName.MOST
                            + " of letters, digits, '.', '_' and '-', of which the first is a letter or a" + " digit");
        }
        return name;
    }
}
