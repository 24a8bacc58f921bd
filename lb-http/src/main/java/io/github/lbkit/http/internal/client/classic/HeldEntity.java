package io.github.lbkit.http.internal.client.classic;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** The complete body of a response, in memory. Immutable. */
final class HeldEntity extends HttpEntityWrapper {
    private final byte[] bytes;

    private HeldEntity(HttpEntity entity, byte[] bytes) {
        super(entity);
        this.bytes = bytes;
    }

    /** Reads a whole body of known length. Its connection is free after that. */
    static HeldEntity read(HttpEntity entity) throws IOException {
        try (InputStream in = entity.getContent()) {
            return new HeldEntity(entity, in.readNBytes((int) entity.getContentLength()));
        }
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
