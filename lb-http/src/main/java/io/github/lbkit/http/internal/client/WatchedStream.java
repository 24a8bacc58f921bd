package io.github.lbkit.http.internal.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.apache.hc.client5.http.classic.ExecRuntime;

/**
 * A response's content, which ends its attempt: succeeded at the declared end of the body, failed if the body breaks off,
 * abandoned if the caller closes the stream and the end is not reached. Confined to one thread at a time.
 *
 * <p>The declared end is reached with the last byte of a known length, since many readers stop there. The end of a chunked
 * body is a chunk of its own, behind the last byte that such readers ask for. {@link #close} reads what is left of a body
 * with a declared end, as HttpClient's own streams do.
 */
final class WatchedStream extends InputStream {
    private static final int DRAINED_AT_ONCE = 4096;

    private final InputStream in;
    private final long length;
    private final boolean declaresEnd;
    private final Running running;
    private final ExecRuntime runtime;
    private long position;
    private boolean complete;
    private boolean closed;

    /**
     * Watches a body from its first byte.
     *
     * @param length in bytes; −1 if unknown
     * @param declaresEnd whether the body has a length or is chunked; otherwise the body ends with its connection
     */
    WatchedStream(InputStream in, long length, boolean declaresEnd, Running running, ExecRuntime runtime) {
        this.in = in;
        this.length = length;
        this.declaresEnd = declaresEnd;
        this.running = running;
        this.runtime = runtime;
        advance(0);
    }

    @Override
    public int read() throws IOException {
        running.awaits();
        try {
            int read = in.read();
            advance(read < 0 ? -1 : 1);
            return read;
        } catch (IOException e) {
            throw broken(e);
        } finally {
            running.rests();
        }
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
        running.awaits();
        try {
            int read = in.read(to, offset, count);
            advance(read);
            return read;
        } catch (IOException e) {
            throw broken(e);
        } finally {
            running.rests();
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
            running.abandoned(); // unless the attempt has ended
        }
    }

    private void drain() throws IOException {
        if (complete || !declaresEnd) {
            return;
        }
        byte[] rest = new byte[DRAINED_AT_ONCE];
        running.awaits(); // the rest as a whole: a stream without end would be progress for ever
        try {
            while (!complete) {
                advance(in.read(rest));
            }
        } catch (IOException e) {
            if (e instanceof SocketTimeoutException || running.expired()) {
                running.abandoned(); // the caller does not want what the server has not sent
            }
            throw broken(e);
        } finally {
            running.rests();
        }
    }

    /** Counts bytes that were read; −1 stands for the end. */
    private void advance(int read) {
        position += Math.max(read, 0);
        if (read < 0 || position == length) {
            complete = true;
            running.completed();
        }
    }

    private IOException broken(IOException thrown) {
        IOException cause = running.expired() ? running.explained(thrown) : thrown;
        if (runtime.isExecutionAborted()) {
            running.abandoned();
        } else {
            running.failed(RepeatRule.failure(cause, true));
        }
        return cause;
    }
}
