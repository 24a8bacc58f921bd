package io.github.lbkit.http.internal.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A response's body that ends its attempt: read to its end, broken, or closed before. Confined to whoever reads it. */
final class WatchedEntity extends HttpEntityWrapper {
    private final Running running;
    private final ExecRuntime runtime;

    WatchedEntity(HttpEntity entity, Running running, ExecRuntime runtime) {
        super(entity);
        this.running = running;
        this.runtime = runtime;
    }

    @Override
    public InputStream getContent() throws IOException {
        return new Watched(super.getContent());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = getContent()) {
            in.transferTo(out);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            running.abandoned(); // unless it has ended
        }
    }

    private IOException broken(IOException e) {
        if (runtime.isExecutionAborted()) {
            running.abandoned();
        } else {
            running.failed(RepeatRule.failure(e, true));
        }
        return e;
    }

    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return noted(in.read());
            } catch (IOException e) {
                throw broken(e);
            }
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            try {
                return noted(in.read(to, offset, length));
            } catch (IOException e) {
                throw broken(e);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            try {
                return in.skip(count);
            } catch (IOException e) {
                throw broken(e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                in.close();
            } finally {
                running.abandoned(); // unless it has ended
            }
        }

        private int noted(int read) {
            if (read < 0) {
                running.completed();
            }
            return read;
        }
    }
}
