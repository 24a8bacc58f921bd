package io.github.lbkit.http.internal.client.async;

import io.github.lbkit.http.internal.client.ClientAttempt;
import io.github.lbkit.http.internal.client.Evictor;
import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * A runtime for one attempt: notes in the attempt how the connection is used, and delegates to HttpClient's runtime.
 * Thread-safe.
 */
final class AsyncRuntime implements AsyncExecRuntime {
    private final AsyncExecRuntime runtime;
    private final ClientAttempt attempt;

    /**
     * True once this attempt has opened its connection. Written when connecting, read when executing, in this order.
     */
    private volatile boolean connected;

    /** Cancels the connect once it has begun. Written by the connecting thread, read by cancelling threads. */
    private volatile Cancellable connecting = () -> false;

    /** Cancels the exchange once it has begun. Written by the executing thread, read by cancelling threads. */
    private volatile Cancellable executing = () -> false;

    private AsyncRuntime(AsyncExecRuntime runtime, ClientAttempt attempt) {
        this.runtime = runtime;
        this.attempt = attempt;
    }

    /** Returns a runtime with a connection of its own, so that closing it affects no other attempt. */
    static AsyncRuntime of(ClientAttempt attempt, AsyncExecRuntime client) {
        AsyncRuntime own = new AsyncRuntime(client.fork(), attempt);
        attempt.closeBy(own::closeConnection);
        return own;
    }

    /** Closes the connection. The exchange on this connection then fails on the client's own threads. */
    private void closeConnection() {
        connecting.cancel();
        runtime.discardEndpoint();
    }

    /**
     * Ends the exchange for its caller. In HttpClient, cancelling alone does not end an exchange with an error
     * response.
     */
    private boolean cancel() {
        boolean cancelled = executing.cancel();
        closeConnection();
        return cancelled;
    }

    @Override
    public Cancellable acquireEndpoint(
            String id,
            HttpRoute route,
            @Nullable Object state,
            HttpClientContext context,
            FutureCallback<AsyncExecRuntime> callback) {
        if (!attempt.route().hasEvictor()) {
            attempt.route().evictBy(evictor(runtime.fork())); // a fork does not refer to this request
        }
        return cancelling(runtime.acquireEndpoint(id, route, state, context, callback));
    }

    @Override
    public Cancellable connectEndpoint(HttpClientContext context, FutureCallback<AsyncExecRuntime> callback) {
        if (runtime.isEndpointConnected()) {
            return runtime.connectEndpoint(context, callback);
        }
        connected = true;
        attempt.beginWait();
        Cancellable begun = runtime.connectEndpoint(context, new CallbackContribution<>(callback) {
            @Override
            public void completed(AsyncExecRuntime result) {
                attempt.endWait();
                callback.completed(result);
            }
        });
        connecting = begun;
        return cancelling(begun);
    }

    /**
     * Returns a handle that cancels a step and the steps after it. HttpClient keeps the handle of the latest step only,
     * and a short step may end before HttpClient keeps its handle.
     */
    private Cancellable cancelling(Cancellable begun) {
        return () -> {
            boolean cancelled = cancel();
            return begun.cancel() || cancelled;
        };
    }

    @Override
    public Cancellable execute(String id, AsyncClientExchangeHandler handler, HttpClientContext context) {
        if (attempt.isServerLost()) {
            handler.failed(new ConnectionClosedException("the server was lost"));
            return () -> false;
        }
        if (!connected && runtime.isEndpointConnected()) {
            attempt.markReused();
        }
        attempt.connectionIn(context);
        attempt.beginWait();
        executing = runtime.execute(id, new TimedExchangeHandler(handler, attempt), context);
        return this::cancel;
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
    public void disconnectEndpoint() {
        runtime.disconnectEndpoint();
    }

    @Override
    public void upgradeTls(HttpClientContext context) {
        runtime.upgradeTls(context);
    }

    @Override
    public void upgradeTls(HttpClientContext context, FutureCallback<AsyncExecRuntime> callback) {
        runtime.upgradeTls(context, callback);
    }

    @Override
    public EndpointInfo getEndpointInfo() {
        return runtime.getEndpointInfo();
    }

    @Override
    public boolean validateConnection() {
        return runtime.validateConnection();
    }

    @Override
    public void markConnectionNonReusable() {
        runtime.markConnectionNonReusable();
    }

    @Override
    public AsyncExecRuntime fork() {
        return runtime.fork();
    }

    private static Evictor evictor(AsyncExecRuntime runtime) {
        return route -> evict(runtime, route);
    }

    /**
     * Leases idle connections of the route, one after the other, and closes them. Does not wait for a free connection.
     */
    private static void evict(AsyncExecRuntime runtime, HttpRoute route) {
        AsyncExecRuntime lease = runtime.fork();
        try {
            FutureCallback<AsyncExecRuntime> close = new FutureCallback<>() {
                @Override
                public void completed(AsyncExecRuntime leased) {
                    boolean wasConnected = leased.isEndpointConnected();
                    leased.discardEndpoint();
                    if (wasConnected) {
                        evict(runtime, route);
                    }
                }

                @Override
                public void failed(Exception e) {
                    // all connections are in use, or the client is closed
                }

                @Override
                public void cancelled() {
                    // the client is being closed
                }
            };
            var unused = lease.acquireEndpoint(Evictor.ID, route, null, Evictor.context(), close);
        } catch (IllegalStateException closed) {
            // the client is closed, and with it its connections
        }
    }
}
