package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** What one attempt does with its connection, told to the attempt; the work is the client's own runtime's. Thread-safe. */
final class ClassicRuntime implements ExecRuntime {
    private final ExecRuntime runtime;
    private final Running running;

    /** Written and read by the thread that executes. */
    private boolean connected;

    ClassicRuntime(ExecRuntime runtime, Running running) {
        this.runtime = runtime;
        this.running = running;
    }

    @Override
    public void acquireEndpoint(String id, HttpRoute route, @Nullable Object state, HttpClientContext context)
            throws IOException {
        if (!running.way().hasEvictor()) {
            running.way().evictBy(evictor(runtime.fork(null))); // a fork, which keeps no request
        }
        runtime.acquireEndpoint(id, route, state, context);
    }

    @Override
    public void connectEndpoint(HttpClientContext context) throws IOException {
        connected |= !runtime.isEndpointConnected();
        runtime.connectEndpoint(context);
    }

    @Override
    public ClassicHttpResponse execute(String id, ClassicHttpRequest request, HttpClientContext context)
            throws IOException, HttpException {
        begin(context);
        return runtime.execute(id, request, context);
    }

    @Override
    public ClassicHttpResponse execute(
            String id,
            ClassicHttpRequest request,
            HttpResponseInformationCallback informationCallback,
            HttpClientContext context)
            throws IOException, HttpException {
        begin(context);
        return runtime.execute(id, request, informationCallback, context);
    }

    private void begin(HttpClientContext context) throws IOException {
        connectEndpoint(context); // here, so that what fails before the first byte is known
        if (running.lost()) {
            throw new ConnectionClosedException("the server was lost");
        }
        if (!connected) {
            running.reuses();
        }
        running.sends();
    }

    @Override
    public void markConnectionReusable(@Nullable Object state, @Nullable TimeValue validityTime) {
        runtime.markConnectionReusable(state, validityTime);
    }

    @Override
    public void releaseEndpoint() {
        if (running.used().isGone()) {
            runtime.discardEndpoint();
        } else {
            runtime.releaseEndpoint();
        }
    }

    @Override
    public boolean isExecutionAborted() {
        return runtime.isExecutionAborted();
    }

    @Override
    public boolean isEndpointAcquired() {
        return runtime.isEndpointAcquired();
    }

    @Override
    public void discardEndpoint() {
        runtime.discardEndpoint();
    }

    @Override
    public boolean isEndpointConnected() {
        return runtime.isEndpointConnected();
    }

    @Override
    public void disconnectEndpoint() throws IOException {
        runtime.disconnectEndpoint();
    }

    @Override
    public void upgradeTls(HttpClientContext context) throws IOException {
        runtime.upgradeTls(context);
    }

    @Override
    public EndpointInfo getEndpointInfo() {
        return runtime.getEndpointInfo();
    }

    @Override
    public boolean isConnectionReusable() {
        return runtime.isConnectionReusable();
    }

    @Override
    public void markConnectionNonReusable() {
        runtime.markConnectionNonReusable();
    }

    @Override
    public ExecRuntime fork(CancellableDependency cancellableAware) {
        return runtime.fork(cancellableAware);
    }

    /** Leases the route's connections, without waiting for one, and closes what is connected. */
    private static Evictor evictor(ExecRuntime runtime) {
        return route -> {
            boolean closed = true;
            while (closed) {
                ExecRuntime lease = runtime.fork(null);
                try {
                    lease.acquireEndpoint(Evictor.ID, route, null, Evictor.context());
                    closed = lease.isEndpointConnected();
                } catch (IOException | RuntimeException e) {
                    closed = false; // all are in use, or the client is closed
                } finally {
                    lease.discardEndpoint();
                }
            }
        };
    }
}
