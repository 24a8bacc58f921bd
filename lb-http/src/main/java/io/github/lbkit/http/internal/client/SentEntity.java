package io.github.lbkit.http.internal.client;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * A request's body during which the attempt waits for its server only while the server does not take a part: not for the
 * source of the body, and not for longer because the body is large. Confined to one thread.
 */
final class SentEntity extends HttpEntityWrapper {
    /** The bytes that are written at once; each part that the server takes is progress. */
    private static final int PART = 16 * 1024;

    private final Running running;

    SentEntity(HttpEntity entity, Running running) {
        super(entity);
        this.running = running;
    }

    @Override
    public void writeTo(OutputStream to) throws IOException {
        running.rests();
        super.writeTo(new Timed(to));
        running.awaits();
    }

    private final class Timed extends FilterOutputStream {
        Timed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            running.awaits();
            out.write(value);
            running.rests();
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            for (int written = 0; written < count; written += PART) {
                running.awaits();
                out.write(bytes, offset + written, Math.min(PART, count - written));
            }
            running.rests();
        }
    }
}
