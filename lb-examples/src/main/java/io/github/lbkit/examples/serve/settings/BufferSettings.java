package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.ReverseProxyBuilder;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for memory: request buffering, and the bound of all buffers together. */
public final class BufferSettings {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([KMG]?)");

    @Option(
            names = "--request-buffering",
            paramLabel = "on|off",
            defaultValue = "on",
            description =
                    "receive the whole body of a request before choosing a server, if its Content-Length is at most"
                            + " 64 KiB"
                            + " (default: ${DEFAULT-VALUE})")
    private String requestBuffering = "on";

    @Option(
            names = "--max-buffered",
            paramLabel = "BYTES",
            description =
                    "the maximum number of bytes in the buffers of all connections together, such as 64M (default: a"
                            + " quarter"
                            + " of the heap)")
    private Optional<String> maxBuffered = Optional.empty();

    BufferSettings() {}

    /** Refuses values that are not allowed. */
    void check() {
        buffersRequests();
        maxBuffered();
    }

    /** Sets the buffers of a proxy. */
    public void applyTo(ReverseProxyBuilder proxy) {
        proxy.requestBuffering(buffersRequests());
        maxBuffered().ifPresent(proxy::maxBuffered);
    }

    private boolean buffersRequests() {
        return OptionChecks.choice("--request-buffering", requestBuffering, "on", "off") == 0;
    }

    private Optional<Long> maxBuffered() {
        return maxBuffered.map(text -> {
            Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
            if (!size.matches()) {
                throw notASize(text);
            }
            int shift = "KMG".indexOf(size.group(2)) * 10 + 10;
            long bytes = Long.parseLong(size.group(1)) << (size.group(2).isEmpty() ? 0 : shift);
            if (bytes < 1 << 20 || bytes > 1L << 40) {
                throw notASize(text);
            }
            return bytes;
        });
    }

    private static SettingException notASize(String text) {
        return new SettingException("--max-buffered", text, "bytes from 1M to 1024G, such as 64M");
    }
}
