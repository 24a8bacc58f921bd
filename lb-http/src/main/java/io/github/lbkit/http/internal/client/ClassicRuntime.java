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
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** What one attempt does with its connection, told to the attempt; the work is the client's own runtime's. Thread-safe. */
final class ClassicRuntime implements ExecRuntime {
    private final ExecRuntime runtime;
    private final Running running;
    private final LeaseGuard guard;

    /** Written and read by the thread that executes. */
    private boolean connected;

    private ClassicRuntime(ExecRuntime runtime, Running running, LeaseGuard guard) {
        this.runtime = runtime;
        this.running = running;
        this.guard = guard;
    }

    /**
     * Returns a runtime whose connection is this attempt's alone, so that what ends one attempt cuts no other.
     *
     * @param request cancels the attempt; null stands for a request that cannot be cancelled
     */
    static ClassicRuntime of(Running running, ExecRuntime client, @Nullable CancellableDependency request) {
        LeaseGuard guard = new LeaseGuard(request);
        ExecRuntime own = client.fork(guard);
        running.cutBy(own::discardEndpoint);
        return new ClassicRuntime(own, running, guard);
    }

    @Override
    public void acquireEndpoint(String id, HttpRoute route, @Nullable Object state, HttpClientContext context)
            throws IOException {
        if (!running.way().hasEvictor()) {
            running.way().evictBy(evictor(runtime.fork(null))); // a fork, which keeps no request
        }
        guard.acquire(runtime, id, route, state, context);
    }

    @Override
    public void connectEndpoint(HttpClientContext context) throws IOException {
        if (runtime.isEndpointConnected()) {
            return;
        }
        connected = true;
        running.awaits();
        try {
            runtime.connectEndpoint(context);
        } finally {
            running.rests();
        }
    }

    @Override
    public ClassicHttpResponse execute(String id, ClassicHttpRequest request, HttpClientContext context)
            throws IOException, HttpException {
        return execute(id, request, null, context);
    }

    @Override
    public ClassicHttpResponse execute(
            String id,
            ClassicHttpRequest request,
            @Nullable HttpResponseInformationCallback informationCallback,
            HttpClientContext context)
            throws IOException, HttpException {
        begin(context);
        HttpEntity body = request.getEntity();
        if (body != null) {
            request.setEntity(new SentEntity(body, running));
        }
        running.awaits(); // until the exchange has the response
        try {
            return runtime.execute(id, request, informationCallback, context);
        } finally {
            request.setEntity(body);
        }
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
        running.executes(context);
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
                LeaseGuard guard = new LeaseGuard(null);
                ExecRuntime lease = runtime.fork(guard);
                try {
                    guard.acquire(lease, Evictor.ID, route, null, Evictor.context());
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
