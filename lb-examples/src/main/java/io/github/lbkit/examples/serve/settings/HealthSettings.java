package io.github.lbkit.examples.serve.settings;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for the health checks of its servers. */
public final class HealthSettings {
    @Option(
            names = "--health-path",
            paramLabel = "PATH|off",
            description =
                    "the path of the health checks; a server is healthy when it answers 200 to 299 (default: /heartbeat"
                            + " for demo servers, off for others)")
    private Optional<String> healthPath = Optional.empty();

    @Option(
            names = "--health-interval",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "milliseconds between two health checks of a server (default: ${DEFAULT-VALUE})")
    private long healthMillis = 1_000;

    HealthSettings() {}

    /** The path of the health checks as it was given. */
    Optional<String> given() {
        return healthPath;
    }

    /** Returns the path of the health checks; empty if there are none. */
    Optional<String> path(boolean demoServers) {
        String path = healthPath.orElse(demoServers ? "/heartbeat" : "off");
        if (path.equals("off")) {
            return Optional.empty();
        }
        if (!path.matches("/[!-~]*")) {
            throw new SettingException("--health-path", path, "off, or a path such as /health");
        }
        return Optional.of(path);
    }

    /** The time between two health checks of a server. */
    public Duration interval() {
        return OptionChecks.millis("--health-interval", healthMillis);
    }
}
