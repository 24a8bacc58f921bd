package io.github.lbkit.http.internal.client;

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

/** What one attempt does with its connection, told to the attempt; the work is the client's own runtime's. Thread-safe. */
final class AsyncRuntime implements AsyncExecRuntime {
    private final AsyncExecRuntime runtime;
    private final Running running;

    /** Written by whoever connects, read by whoever executes, one after the other. */
    private volatile boolean connected;

    /** What cancels the connect; nothing until it begins. Written by whoever connects, read by whoever cancels. */
    private volatile Cancellable connecting = () -> false;

    /** What cancels the exchange; nothing until it begins. Written by whoever executes, read by whoever cancels. */
    private volatile Cancellable executing = () -> false;

    private AsyncRuntime(AsyncExecRuntime runtime, Running running) {
        this.runtime = runtime;
        this.running = running;
    }

    /** Returns a runtime whose connection is this attempt's alone, so that what ends one attempt cuts no other. */
    static AsyncRuntime of(Running running, AsyncExecRuntime client) {
        AsyncRuntime own = new AsyncRuntime(client.fork(), running);
        running.cutBy(own::cut);
        return own;
    }

    /** Ends the connection; what goes on over the connection fails on the client's own threads. */
    private void cut() {
        connecting.cancel();
        runtime.discardEndpoint();
    }

    /** Ends the exchange for its caller: a cancel alone misses, in HttpClient, an exchange whose response says an error. */
    private boolean cancel() {
        boolean cancelled = executing.cancel();
        cut();
        return cancelled;
    }

    @Override
    public Cancellable acquireEndpoint(
            String id,
            HttpRoute route,
            @Nullable Object state,
            HttpClientContext context,
            FutureCallback<AsyncExecRuntime> callback) {
        if (!running.way().hasEvictor()) {
            running.way().evictBy(evictor(runtime.fork())); // a fork, which keeps no request
        }
        return cancelling(runtime.acquireEndpoint(id, route, state, context, callback));
    }

    @Override
    public Cancellable connectEndpoint(HttpClientContext context, FutureCallback<AsyncExecRuntime> callback) {
        if (runtime.isEndpointConnected()) {
            return runtime.connectEndpoint(context, callback);
        }
        connected = true;
        running.awaits();
        Cancellable begun = runtime.connectEndpoint(context, new CallbackContribution<>(callback) {
            @Override
            public void completed(AsyncExecRuntime result) {
                running.rests();
                callback.completed(result);
            }
        });
        connecting = begun;
        return cancelling(begun);
    }

    /** Cancels what has followed too: the client keeps what began last, and a short step may end before it is kept. */
    private Cancellable cancelling(Cancellable begun) {
        return () -> {
            boolean cancelled = cancel();
            return begun.cancel() || cancelled;
        };
    }

    @Override
    public Cancellable execute(String id, AsyncClientExchangeHandler handler, HttpClientContext context) {
        if (running.lost()) {
            handler.failed(new ConnectionClosedException("the server was lost"));
            return () -> false;
        }
        if (!connected && runtime.isEndpointConnected()) {
            running.reuses();
        }
        running.executes(context);
        running.awaits();
        executing = runtime.execute(id, new SendingHandler(handler, running), context);
        return this::cancel;
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

    /** Leases a connection of the route, without waiting for one; if it is connected, closes it and goes on. */
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
                    // all are in use, or the client is closed
                }

                @Override
                public void cancelled() {
                    // the client is being closed
                }
            };
            var unused = lease.acquireEndpoint(Evictor.ID, route, null, Evictor.context(), close);
        } catch (IllegalStateException closed) {
            // and its connections with it
        }
    }
}
