package io.github.lbkit.http.internal.client.classic;

import io.github.lbkit.http.internal.client.ClientAttempt;
import io.github.lbkit.http.internal.client.RetryRule;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.apache.hc.client5.http.classic.ExecRuntime;

/**
 * The content of a response, which ends its attempt: as a success at the declared end of the body, as a failure if the
 * body breaks off, and without a verdict if the caller closes the stream before the end. Confined to one thread at a
 * time.
 *
 * <p>A body of known length ends with its last byte, because many readers stop there. A chunked body ends with a chunk
 * of its own, after the last byte that such readers request. {@link #close} therefore reads the rest of a body with a
 * declared end, as HttpClient's own streams do.
 */
final class TrackedStream extends InputStream {
    private static final int DRAIN_BUFFER = 4096;

    private final InputStream in;
    private final long length;
    private final boolean declaresEnd;
    private final ClientAttempt attempt;
    private final ExecRuntime runtime;
    private long position;
    private boolean complete;
    private boolean closed;

    /** Tracks a body from its first byte.
     *
     * @param length the length of the body in bytes; −1 if unknown
     * @param declaresEnd whether the body has a length or is chunked; otherwise the body ends with its connection
     */
    TrackedStream(InputStream in, long length, boolean declaresEnd, ClientAttempt attempt, ExecRuntime runtime) {
        this.in = in;
        this.length = length;
        this.declaresEnd = declaresEnd;
        this.attempt = attempt;
        this.runtime = runtime;
        advance(0);
    }

    @Override
    public int read() throws IOException {
        attempt.beginWait();
        try {
            int read = in.read();
            advance(read < 0 ? -1 : 1);
            return read;
        } catch (IOException e) {
            throw failed(e);
        } finally {
            attempt.endWait();
        }
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
        attempt.beginWait();
        try {
            int read = in.read(to, offset, count);
            advance(read);
            return read;
        } catch (IOException e) {
            throw failed(e);
        } finally {
            attempt.endWait();
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (in) {
            drain();
        } finally {
            attempt.abandoned(); // does nothing if the attempt has ended
        }
    }

    private void drain() throws IOException {
        if (complete || !declaresEnd) {
            return;
        }
        byte[] rest = new byte[DRAIN_BUFFER];
        attempt.beginWait(); // one wait for the whole rest: otherwise an endless body would count as progress for ever
        try {
            while (!complete) {
                advance(in.read(rest));
            }
        } catch (IOException e) {
            if (e instanceof SocketTimeoutException || attempt.expired()) {
                attempt.abandoned(); // the caller does not need the rest that the server did not send
            }
            throw failed(e);
        } finally {
            attempt.endWait();
        }
    }

    /** Counts bytes that were read; −1 is the end. */
    private void advance(int read) {
        position += Math.max(read, 0);
        if (read < 0 || position == length) {
            complete = true;
            attempt.completed();
        }
    }

    /** Ends the attempt after a failed read; returns the exception for the caller. */
    private IOException failed(IOException thrown) {
        IOException cause = attempt.expired() ? attempt.timeout(thrown) : thrown;
        if (runtime.isExecutionAborted()) {
            attempt.abandoned();
        } else {
            attempt.failed(RetryRule.failure(cause, true));
        }
        return cause;
    }
}
