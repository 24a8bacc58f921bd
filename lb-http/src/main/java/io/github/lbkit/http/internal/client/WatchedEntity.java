package io.github.lbkit.http.internal.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/** A response's body whose reading decides how its attempt ends. Confined to one thread at a time. */
final class WatchedEntity extends HttpEntityWrapper {
    private final Running running;
    private final ExecRuntime runtime;
    private @Nullable InputStream content;

    WatchedEntity(HttpEntity entity, Running running, ExecRuntime runtime) {
        super(entity);
        this.running = running;
        this.runtime = runtime;
    }

    /** Returns one stream for all callers: the caller reads from the stream, and HttpClient closes the stream. */
    @Override
    public InputStream getContent() throws IOException {
        InputStream known = content;
        if (known == null) {
            long length = getContentLength();
            known = new WatchedStream(super.getContent(), length, length >= 0 || isChunked(), running, runtime);
            content = known;
        }
        return known;
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
            getContent().close();
        } finally {
            super.close();
        }
    }
}
