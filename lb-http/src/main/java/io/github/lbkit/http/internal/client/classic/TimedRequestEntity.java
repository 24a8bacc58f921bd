package io.github.lbkit.http.internal.client.classic;

import io.github.lbkit.http.internal.client.ClientAttempt;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * A request's body that limits the time of each write to the server. The time that the source of the body takes does
 * not count, and each part that the server accepts restarts the limit. Confined to one thread.
 */
final class TimedRequestEntity extends HttpEntityWrapper {
    /** The bytes of one write; each part that the server accepts is progress. */
    private static final int PART = 16 * 1024;

    private final ClientAttempt attempt;

    TimedRequestEntity(HttpEntity entity, ClientAttempt attempt) {
        super(entity);
        this.attempt = attempt;
    }

    @Override
    public void writeTo(OutputStream to) throws IOException {
        attempt.endWait();
        super.writeTo(new Timed(to));
        attempt.beginWait();
    }

    private final class Timed extends FilterOutputStream {
        Timed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            attempt.beginWait();
            out.write(value);
            attempt.endWait();
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            for (int written = 0; written < count; written += PART) {
                attempt.beginWait();
                out.write(bytes, offset + written, Math.min(PART, count - written));
            }
            attempt.endWait();
        }
    }
}
