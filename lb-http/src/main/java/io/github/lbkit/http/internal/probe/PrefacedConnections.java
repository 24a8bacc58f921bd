package io.github.lbkit.http.internal.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection manager whose connections begin with these bytes, before TLS and before the request. Everything else is
 * left to another manager. Thread-safe.
 */
final class PrefacedConnections implements AsyncClientConnectionManager {
    private final AsyncClientConnectionManager delegate;
    private final byte[] preface;

    /**
     * Creates a manager.
     *
     * @param delegate the other manager
     * @param preface the bytes, such as a PROXY header
     */
    PrefacedConnections(AsyncClientConnectionManager delegate, byte[] preface) {
        this.delegate = delegate;
        this.preface = preface;
    }

    @Override
    public Future<AsyncConnectionEndpoint> connect(
            AsyncConnectionEndpoint endpoint,
            ConnectionInitiator initiator,
            Timeout timeout,
            @Nullable Object attachment,
            HttpContext context,
            FutureCallback<AsyncConnectionEndpoint> callback) {
        ConnectionInitiator prefacing = (remote, address, local, within, any, made) ->
                initiator.connect(remote, address, local, within, any, new Prefacing(made));
        return delegate.connect(endpoint, prefacing, timeout, attachment, context, callback);
    }

    @Override
    public Future<AsyncConnectionEndpoint> lease(
            String id,
            HttpRoute route,
            @Nullable Object state,
            Timeout timeout,
            FutureCallback<AsyncConnectionEndpoint> callback) {
        return delegate.lease(id, route, state, timeout, callback);
    }

    @Override
    public void release(AsyncConnectionEndpoint endpoint, @Nullable Object state, TimeValue keepAlive) {
        delegate.release(endpoint, state, keepAlive);
    }

    @Override
    public void upgrade(AsyncConnectionEndpoint endpoint, @Nullable Object attachment, HttpContext context) {
        delegate.upgrade(endpoint, attachment, context);
    }

    @Override
    public void upgrade(
            AsyncConnectionEndpoint endpoint,
            @Nullable Object attachment,
            HttpContext context,
            FutureCallback<AsyncConnectionEndpoint> callback) {
        delegate.upgrade(endpoint, attachment, context, callback);
    }

    @Override
    public void close(CloseMode mode) {
        delegate.close(mode);
    }

    @Override
    public void close() throws IOException {
        delegate.close();
    }

    /** The callback of a connection that is made: it writes the bytes before anyone else can write. */
    private final class Prefacing implements FutureCallback<IOSession> {
        private final FutureCallback<IOSession> next;

        private Prefacing(FutureCallback<IOSession> next) {
            this.next = next;
        }

        @Override
        public void completed(IOSession session) {
            try {
                int written = session.write(ByteBuffer.wrap(preface));
                if (written < preface.length) {
                    throw new IOException("a new socket took " + written + " of " + preface.length + " bytes");
                }
            } catch (IOException e) {
                session.close(CloseMode.IMMEDIATE);
                next.failed(e);
                return;
            }
            next.completed(session);
        }

        @Override
        public void failed(Exception e) {
            next.failed(e);
        }

        @Override
        public void cancelled() {
            next.cancelled();
        }
    }
}
