package io.github.lbkit.examples.serve;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The setting of {@code serve} that names its pool. */
final class PoolNameSettings {
    @Option(
            names = "--pool-name",
            paramLabel = "NAME",
            description = "the name of the pool, by which a start finds the servers that an earlier one left; two balancers"
                    + " need different names where they share an engine or a state directory (default: lbkit-, the name of"
                    + " this host, and the host and port of --listen)")
    Optional<String> poolName = Optional.empty();

    /** Returns the name of the pool of a balancer that listens there. */
    String name(ListenAddress listen) {
        return poolName.map(PoolNameSettings::checked).orElseGet(() -> PoolName.of(PoolName.ofThisHost(), listen));
    }

    private static String checked(String name) {
        if (!PoolName.isAllowed(name)) {
            throw new SettingException(
                    "--pool-name",
                    name,
                    "1 to " + PoolName.MOST + " of letters, digits, '.', '_' and '-', of which the first is a letter or a"
                            + " digit");
        }
        return name;
    }
}
