package io.github.lbkit.http.internal.client.classic;

import io.github.lbkit.http.internal.client.ClientAttempt;
import io.github.lbkit.http.internal.client.Evictor;
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

/**
 * A runtime for one attempt: notes in the attempt how the connection is used, and delegates to HttpClient's runtime.
 * Thread-safe.
 */
final class ClassicRuntime implements ExecRuntime {
    private final ExecRuntime runtime;
    private final ClientAttempt attempt;
    private final LeaseGuard guard;

    /** True once this attempt has opened its connection. Confined to the executing thread. */
    private boolean connected;

    private ClassicRuntime(ExecRuntime runtime, ClientAttempt attempt, LeaseGuard guard) {
        this.runtime = runtime;
        this.attempt = attempt;
        this.guard = guard;
    }

    /** Returns a runtime with a connection of its own, so that closing it affects no other attempt.
     *
     * @param request cancels the attempt; null if the request cannot be cancelled
     */
    static ClassicRuntime of(ClientAttempt attempt, ExecRuntime client, @Nullable CancellableDependency request) {
        LeaseGuard guard = new LeaseGuard(request);
        ExecRuntime own = client.fork(guard);
        attempt.closeBy(own::discardEndpoint);
        return new ClassicRuntime(own, attempt, guard);
    }

    @Override
    public void acquireEndpoint(String id, HttpRoute route, @Nullable Object state, HttpClientContext context)
            throws IOException {
        if (!attempt.route().hasEvictor()) {
            attempt.route().evictBy(evictor(runtime.fork(null))); // a fork does not refer to this request
        }
        guard.acquire(runtime, id, route, state, context);
    }

    @Override
    public void connectEndpoint(HttpClientContext context) throws IOException {
        if (runtime.isEndpointConnected()) {
            return;
        }
        connected = true;
        attempt.beginWait();
        try {
            runtime.connectEndpoint(context);
        } finally {
            attempt.endWait();
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
            request.setEntity(new TimedRequestEntity(body, attempt));
        }
        attempt.beginWait(); // ends when the exchange has the response
        try {
            return runtime.execute(id, request, informationCallback, context);
        } finally {
            request.setEntity(body);
        }
    }

    private void begin(HttpClientContext context) throws IOException {
        connectEndpoint(context); // connects here, so that a failure before the first byte is recognized
        if (attempt.isServerLost()) {
            throw new ConnectionClosedException("the server was lost");
        }
        if (!connected) {
            attempt.markReused();
        }
        attempt.markSent();
        attempt.connectionIn(context);
    }

    @Override
    public void markConnectionReusable(@Nullable Object state, @Nullable TimeValue validityTime) {
        runtime.markConnectionReusable(state, validityTime);
    }

    @Override
    public void releaseEndpoint() {
        if (attempt.instance().hasLeft()) {
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

    /**
     * Returns an evictor that leases the idle connections of a route and closes them. It does not wait for a free
     * connection.
     */
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
                    closed = false; // all connections are in use, or the client is closed
                } finally {
                    lease.discardEndpoint();
                }
            }
        };
    }
}
