package io.github.lbkit.examples.serve.settings;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The setting of {@code serve} for the time between the stop signal and the stop. */
public final class StopSettings {
    @Option(
            names = "--drain-delay",
            paramLabel = "MS",
            defaultValue = "0",
            description =
                    "milliseconds between the stop signal, after which /ready fails, and the moment when the balancer"
                            + " stops accepting connections (default: ${DEFAULT-VALUE})")
    private long drainDelayMillis;

    StopSettings() {}

    /** Refuses values that are not allowed. */
    void check() {
        drainDelay();
    }

    /** The time between the stop signal and the moment when connections are no longer accepted. */
    public Duration drainDelay() {
        if (drainDelayMillis < 0) {
            throw new SettingException("--drain-delay", String.valueOf(drainDelayMillis), "milliseconds, 0 or more");
        }
        return Duration.ofMillis(drainDelayMillis);
    }
}
