package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.peer.IpText;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request: client, method, target, status, bytes of the body, milliseconds, server, attempts, request id, and the
 * word of the {@link Ending}.
 * What was not to be had is {@code -}. Thread-safe.
 */
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.lbkit.http.access");
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final boolean on;

    AccessLog(boolean on) {
        this.on = on;
    }

    /** A request ended. */
    void line(Exchange exchange, long nowNanos) {
        if (on && LOG.isInfoEnabled()) {
            ClientRequest request = exchange.request;
            log(
                    request.view().clientAddress(),
                    request.head().method(),
                    request.head().target(),
                    exchange.status(),
                    exchange.bodyBytes(),
                    nowNanos - request.beganNanos(),
                    exchange.serverId(),
                    exchange.attempts(),
                    request.view().requestId(),
                    exchange.ending().word());
        }
    }

    /** A request was refused before its head could be read. */
    void refused(InetAddress client, int status, Ending how) {
        if (on && LOG.isInfoEnabled()) {
            log(client, "-", "-", status, 0, 0, null, 0, "-", how.word());
        }
    }

    @SuppressWarnings("TooManyParameters") // each is a field of the line
    private static void log(
            InetAddress client,
            String method,
            String target,
            int status,
            long bytes,
            long nanos,
            @Nullable String server,
            int attempts,
            String id,
            String word) {
        LOG.info(
                "{} {} {} {} {} {} {} {} {} {}",
                IpText.of(client),
                escaped(method),
                escaped(target),
                status == 0 ? "-" : status,
                bytes,
                nanos / 1_000_000,
                server == null ? "-" : escaped(server),
                attempts,
                id,
                word);
    }

    /** The text without a character that could be taken for another field, another line or a command to a terminal. */
    static String escaped(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f && c != '"' && c != '\\') {
                if (out != null) {
                    out.append(c);
                }
                continue;
            }
            if (out == null) {
                out = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (c > 0xff) {
                out.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]);
            } else {
                out.append("\\x");
            }
            out.append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
        }
        return out == null ? text : out.toString();
    }
}
