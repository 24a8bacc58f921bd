package io.github.lbkit.http.internal.outcome;

import io.github.lbkit.http.internal.peer.IpText;
import java.net.InetAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The access log of a proxy. Each request has one line: client, method, target, status, bytes of the body,
 * milliseconds, server, attempts, request id, and the word of the {@link Ending}. Unknown fields are {@code -}. The
 * subject of the client's verified certificate follows if the client has shown one.
 *
 * <p>The loops build the lines, and a thread of the log writes them. A blocked logger never delays a request.
 * Thread-safe.
 */
public final class AccessLog {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Null if the log is off. */
    private final @Nullable AccessLogWriter writer;

    /**
     * Creates a log that writes nothing before {@link #start}.
     *
     * @param name the prefix of the thread's name
     * @param clock the time in nanoseconds from any origin
     */
    public AccessLog(boolean on, String name, LongSupplier clock) {
        writer = on ? new AccessLogWriter(name + "-access-log", clock) : null;
    }

    /** Starts the writing thread, if the log is on. */
    public void start() {
        if (writer != null) {
            writer.start();
        }
    }

    /** Returns the number of lines that were dropped: the queue was full, the logger failed, or the log had ended. */
    public long dropped() {
        return writer == null ? 0 : writer.dropped();
    }

    /** Ends the log within a second, after the queued lines. Does not wait. Later calls do nothing. */
    public void end() {
        if (writer != null) {
            writer.end();
        }
    }

    /** Waits for the end, at most this long and at most a second. Lines still queued are dropped and counted. */
    public void awaitEnd(long nanos) {
        if (writer != null) {
            writer.awaitEnd(nanos);
        }
    }

    /** The data of one line, read when the request has ended. */
    public interface Entry {
        /** Returns the address of the client. */
        InetAddress clientAddress();

        /** Returns the method of the request. */
        String method();

        /** Returns the target of the request. */
        String target();

        /** Returns the status of the final response; 0 if there was none. */
        int status();

        /** Returns the number of bytes of the response's body that were sent. */
        long bodyBytes();

        /** Returns the time of the first byte of the request, in nanoseconds of the loop's clock. */
        long beganNanos();

        /** Returns the id of the server that was tried last; null if none was tried. */
        @Nullable
        String serverId();

        /** Returns the number of attempts. */
        int attempts();

        /** Returns the id of the request. */
        String requestId();

        /** Returns the word of the ending. */
        String endingWord();

        /** Returns the subject of the client's verified certificate; null if there is none. */
        @Nullable
        String clientCertificate();
    }

    /** Logs a request that has ended. */
    public void ended(Entry entry, long nowNanos) {
        AccessLogWriter out = writer;
        if (out != null && AccessLogWriter.isEnabled()) {
            out.queue(format(
                            entry.clientAddress(),
                            entry.method(),
                            entry.target(),
                            entry.status(),
                            entry.bodyBytes(),
                            nowNanos - entry.beganNanos(),
                            entry.serverId(),
                            entry.attempts(),
                            entry.requestId(),
                            entry.endingWord())
                    + column(entry.clientCertificate()));
        }
    }

    private static String column(@Nullable String subject) {
        return subject == null ? "" : " " + escaped(subject);
    }

    /** Logs a request that was refused before its head was read. */
    public void refused(InetAddress client, int status, Ending how) {
        AccessLogWriter out = writer;
        if (out != null && AccessLogWriter.isEnabled()) {
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

    /** Escapes the characters that could look like another field or line, or that a terminal could execute. */
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
