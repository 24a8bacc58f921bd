package io.github.lbkit.http.internal.client.classic;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A wait for a connection of HttpClient's pool that leaks no connection. HttpClient (5.5.2 and 5.6.5) cancels a lease
 * whose wait was interrupted or has timed out, without checking whether the lease was granted in the meantime. Such a
 * connection stays leased for ever, and soon no connection of a small pool is left.
 *
 * <p>HttpClient gives each lease to the {@link CancellableDependency} of its request before it waits. The guard is this
 * dependency. It waits first, and cancels the lease when the wait ends. A lease that was granted at that moment keeps
 * its connection for HttpClient's own call, which then does not wait. Confined to the executing thread, except for
 * {@link #cancel} and {@link #isCancelled}.
 */
final class LeaseGuard implements CancellableDependency {
    private final @Nullable CancellableDependency request;
    private Timeout longestWait = Timeout.DISABLED;
    private @Nullable Exception ended;

    /** Guards the leases of this request; null if the request cannot be cancelled. */
    LeaseGuard(@Nullable CancellableDependency request) {
        this.request = request;
    }

    /** Acquires a connection through a runtime that was forked with this guard. */
    void acquire(ExecRuntime forked, String id, HttpRoute route, @Nullable Object state, HttpClientContext context)
            throws IOException {
        longestWait = context.getRequestConfigOrDefault().getConnectionRequestTimeout();
        ended = null;
        try {
            forked.acquireEndpoint(id, route, state, context);
        } catch (CancellationException e) {
            if (ended instanceof TimeoutException) {
                throw new ConnectionRequestTimeoutException(
                        "no connection to " + route.getTargetHost() + " was free within " + longestWait);
            }
            if (!(ended instanceof InterruptedException)) {
                throw e;
            }
        } finally {
            if (ended instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        if (ended instanceof InterruptedException) {
            forked.discardEndpoint();
            throw new RequestFailedException(
                    "interrupted while waiting for a connection to " + route.getTargetHost(), ended);
        }
    }

    @Override
    public void setDependency(Cancellable step) {
        if (request != null) {
            request.setDependency(step);
        }
        // leases of other connection managers may not keep a granted connection
        if (step instanceof LeaseRequest lease
                && lease.getClass().getEnclosingClass() == PoolingHttpClientConnectionManager.class) {
            await(lease);
        }
    }

    private void await(LeaseRequest lease) {
        try {
            lease.get(longestWait);
        } catch (InterruptedException | TimeoutException e) {
            ended = e;
            lease.cancel();
            keepIfGranted(lease);
        } catch (ExecutionException | CancellationException e) {
            // HttpClient's own call fails in the same way
        }
    }

    private static void keepIfGranted(LeaseRequest lease) {
        try {
            lease.get(Timeout.ONE_MILLISECOND); // returns at once: the lease is either granted or cancelled
        } catch (InterruptedException e) {
            throw new IllegalStateException("a granted or cancelled lease has waited", e);
        } catch (TimeoutException | ExecutionException | CancellationException e) {
            // not granted
        }
    }

    @Override
    public boolean isCancelled() {
        return request != null && request.isCancelled();
    }

    @Override
    public boolean cancel() {
        return request != null && request.cancel();
    }
}
