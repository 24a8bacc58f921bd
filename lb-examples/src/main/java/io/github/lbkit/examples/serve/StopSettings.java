package io.github.lbkit.examples.serve;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The settings of {@code serve} about the time between a signal to stop and the stop. */
final class StopSettings {
    @Option(
            names = "--drain-delay",
            paramLabel = "MS",
            defaultValue = "0",
            description =
                    "milliseconds from a signal to stop, when /ready begins to fail, to the moment when connections"
                            + " are no longer accepted (default: ${DEFAULT-VALUE})")
    long drainDelayMillis;

    /** Refuses what is not allowed. */
    void check() {
        drainDelay();
    }

    Duration drainDelay() {
        if (drainDelayMillis < 0) {
            throw new SettingException("--drain-delay", String.valueOf(drainDelayMillis), "milliseconds, 0 or more");
        }
        return Duration.ofMillis(drainDelayMillis);
    }
}
