package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.peer.IpText;
import java.net.InetAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The access log of a proxy: one line a request with client, method, target, status, bytes of the body, milliseconds,
 * server, attempts, request id, and the word of the {@link Ending}. What is unknown is {@code -}. Lines are built on the loops and written by a thread of the
 * log's own, so that a log that cannot be written never holds up a request. Thread-safe.
 */
public final class AccessLog {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Null if the log is off. */
    private final @Nullable AccessLogWriter writer;

    /**
     * A log that writes nothing before {@link #start}.
     *
     * @param name the beginning of its thread's name
     * @param clock counts nanoseconds from any origin
     */
    public AccessLog(boolean on, String name, LongSupplier clock) {
        writer = on ? new AccessLogWriter(name + "-access-log", clock) : null;
    }

    /** Starts the thread that writes, if the log is on. */
    public void start() {
        if (writer != null) {
            writer.start();
        }
    }

    /** Returns how many lines were not written: too many were waiting, the logger failed, or the log had ended. */
    public long dropped() {
        return writer == null ? 0 : writer.dropped();
    }

    /** Begins to end the log: what waits is written within a second. Does not wait; again: nothing happens. */
    public void end() {
        if (writer != null) {
            writer.end();
        }
    }

    /** Waits for the end, at most this long and at most a second; what waits still is dropped and counted. */
    public void awaitEnd(long nanos) {
        if (writer != null) {
            writer.awaitEnd(nanos);
        }
    }

    /** A request ended. */
    void line(Exchange exchange, long nowNanos) {
        AccessLogWriter out = writer;
        if (out != null && AccessLogWriter.isWanted()) {
            ClientRequest request = exchange.request;
            out.queue(format(
                    request.view().clientAddress(),
                    request.head().method(),
                    request.head().target(),
                    exchange.status(),
                    exchange.bodyBytes(),
                    nowNanos - request.beganNanos(),
                    exchange.serverId(),
                    exchange.attempts(),
                    request.view().requestId(),
                    exchange.ending().word()));
        }
    }

    /** A request was refused before its head could be read. */
    void refused(InetAddress client, int status, Ending how) {
        AccessLogWriter out = writer;
        if (out != null && AccessLogWriter.isWanted()) {
            out.queue(format(client, "-", "-", status, 0, 0, null, 0, "-", how.word()));
        }
    }

    @SuppressWarnings("TooManyParameters") // each is a field of the line
    private static String format(
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
        return String.join(
                " ",
                IpText.of(client),
                escaped(method),
                escaped(target),
                status == 0 ? "-" : Integer.toString(status),
                Long.toString(bytes),
                Long.toString(nanos / 1_000_000),
                server == null ? "-" : escaped(server),
                Integer.toString(attempts),
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
