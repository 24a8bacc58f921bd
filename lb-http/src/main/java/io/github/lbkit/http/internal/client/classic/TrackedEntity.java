package io.github.lbkit.http.internal.client.classic;

import io.github.lbkit.http.internal.client.ClientAttempt;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/** The body of a response, which ends its attempt when it is read or closed. Confined to one thread at a time. */
final class TrackedEntity extends HttpEntityWrapper {
    private final ClientAttempt attempt;
    private final ExecRuntime runtime;
    private @Nullable InputStream content;

    TrackedEntity(HttpEntity entity, ClientAttempt attempt, ExecRuntime runtime) {
        super(entity);
        this.attempt = attempt;
        this.runtime = runtime;
    }

    /** Returns the same stream to all callers: the caller reads from it, and HttpClient closes it. */
    @Override
    public InputStream getContent() throws IOException {
        InputStream known = content;
        if (known == null) {
            long length = getContentLength();
            known = new TrackedStream(super.getContent(), length, length >= 0 || isChunked(), attempt, runtime);
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
