package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The settings of {@code serve} for servers of an earlier start: the name of the pool, a changed specification, and
 * the wait for the previous owner.
 */
final class PoolNameSettings {
    private static final long DEFAULT_TAKEOVER_MILLIS = 60_000;

    @Option(
            names = "--pool-name",
            paramLabel = "NAME",
            description =
                    "the name of the pool; a start finds the servers of an earlier start by this name. Two balancers"
                            + " need"
                            + " different names if they share an engine or a state directory (default: lbkit-, followed"
                            + " by the name of this host, and the host and port of --listen)")
    private Optional<String> poolName = Optional.empty();

    @Option(
            names = "--on-spec-change",
            paramLabel = "WHAT",
            description =
                    "the action for servers of an earlier start that have another image, command or setting than the"
                            + " current one: 'roll-out' replaces them one by one, 'keep' leaves them unchanged,"
                            + " 'refuse'"
                            + " fails the start (default: roll-out, or the value in the URI of the pool)")
    private Optional<String> onSpecChange = Optional.empty();

    @Option(
            names = "--takeover-timeout",
            paramLabel = "MS",
            description = "with --listen inherited: the maximum time to wait until the process that this one replaces"
                    + " has released its pool, in milliseconds (default: 60000)")
    private Optional<Long> takeoverTimeout = Optional.empty();

    /**
     * Returns the maximum time to wait for the previous owner of the pool.
     *
     * @param listen the traffic listener; without a shared socket, there is no previous owner to wait for
     */
    Duration takeoverTimeout(ListenAddress listen) {
        takeoverTimeout.ifPresent(value -> {
            OptionChecks.millis("--takeover-timeout", value);
            if (!listen.isShared()) {
                throw new IllegalArgumentException("--takeover-timeout needs --listen inherited: without a shared"
                        + " socket, another owner of the pool is an error");
            }
        });
        return listen.isShared() ? Duration.ofMillis(takeoverTimeout.orElse(DEFAULT_TAKEOVER_MILLIS)) : Duration.ZERO;
    }

    /** Returns the value of {@code --on-spec-change} if it is given; refuses a value that is not allowed. */
    Optional<String> checkedSpecChange() {
        return onSpecChange.map(word -> {
            specChange();
            return word;
        });
    }

    /** Returns the action for servers that were made from another specification. */
    SupervisedOptions.OnSpecChange specChange() {
        try {
            return SupervisedOptions.OnSpecChange.of(onSpecChange.orElse("roll-out"));
        } catch (IllegalArgumentException wrong) {
            throw new SettingException("--on-spec-change", onSpecChange.orElse(""), "roll-out, keep or refuse");
        }
    }

    /** Returns the name of the pool of a balancer that listens on this address. */
    String name(ListenAddress listen) {
        return poolName.map(PoolNameSettings::checked).orElseGet(() -> PoolName.of(PoolName.ofThisHost(), listen));
    }

    private static String checked(String name) {
        if (!PoolName.isAllowed(name)) {
            throw new SettingException(
                    "--pool-name",
                    name,
                    "1 to " + PoolName.MAX_LENGTH
                            + " characters: letters, digits, '.', '_' and '-'; the first is a letter or a digit");
        }
        return name;
    }
}
