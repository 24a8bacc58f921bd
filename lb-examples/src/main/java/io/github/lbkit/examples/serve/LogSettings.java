package io.github.lbkit.examples.serve;

import io.github.lbkit.examples.log.LogFormat;
import io.github.lbkit.examples.log.LogLevels;
import io.github.lbkit.examples.log.Logs;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings of {@code serve} about its log. */
final class LogSettings {
    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for readers, or a JSON object a line (default: ${DEFAULT-VALUE})")
    String format = "text";

    @Option(
            names = "--log-level",
            paramLabel = "[LOGGER=]LEVEL",
            split = ",",
            description =
                    "the least level that is written: trace, debug, info, warn, error or off; of one logger and those"
                            + " below its name by LOGGER=LEVEL; may be given several times (default: info, libraries"
                            + " warn)")
    List<String> levels = new ArrayList<>();

    /** Refuses what is not allowed. */
    void check() {
        format();
        levels();
    }

    /** Sets the log of the process. */
    void apply() {
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
