package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.examples.log.LogFormat;
import io.github.lbkit.examples.log.LogLevels;
import io.github.lbkit.examples.log.Logs;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for its log. */
public final class LogSettings {
    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for people, or one JSON object for each line (default: ${DEFAULT-VALUE})")
    private String format = "text";

    @Option(
            names = "--log-level",
            paramLabel = "[LOGGER=]LEVEL",
            split = ",",
            description =
                    "the lowest level that is written: trace, debug, info, warn, error or off. LOGGER=LEVEL sets the"
                            + " level"
                            + " of one logger and of all loggers below its name. May be given several times (default:"
                            + " info, and warn for libraries)")
    private List<String> levels = new ArrayList<>();

    LogSettings() {}

    /** Refuses values that are not allowed. */
    public void check() {
        format();
        levels();
    }

    /** Configures the log of the process. */
    public void apply() {
        Logs.configure(format(), levels());
    }

    private LogFormat format() {
        return LogFormat.named(format).orElseThrow(() -> new SettingException("--log-format", format, "text, json"));
    }

    private LogLevels levels() {
        try {
            return LogLevels.of(levels);
        } catch (IllegalArgumentException wrong) {
            throw new SettingException("--log-level", String.valueOf(wrong.getMessage()), LogLevels.ALLOWED);
        }
    }
}
