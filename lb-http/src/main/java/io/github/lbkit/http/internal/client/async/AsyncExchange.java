package io.github.lbkit.http.internal.client.async;

import io.github.lbkit.http.internal.client.AttemptSequence;
import io.github.lbkit.http.internal.client.ClientAttempt;
import io.github.lbkit.http.internal.client.ClientSettings;
import io.github.lbkit.http.internal.client.RetryRule;
import io.github.lbkit.http.internal.client.ServerRoute;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of one request of an asynchronous client: makes attempts until a server answers or no further attempt is
 * allowed. Confined to one thread at a time: first the caller's, then the client's.
 */
final class AsyncExchange {
    private final AttemptSequence attempts;
    private final ClientSettings settings;
    private final HttpRequest request;
    private final @Nullable AsyncEntityProducer body;
    private final AsyncExecChain.Scope scope;
    private final AsyncExecChain chain;
    private final AsyncExecCallback callback;

    AsyncExchange(
            AttemptSequence attempts,
            ClientSettings settings,
            HttpRequest request,
            @Nullable AsyncEntityProducer body,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback) {
        this.attempts = attempts;
        this.settings = settings;
        this.request = request;
        this.body = body;
        this.scope = scope;
        this.chain = chain;
        this.callback = callback;
    }

    AttemptSequence attempts() {
        return attempts;
    }

    ClientSettings settings() {
        return settings;
    }

    AsyncExecCallback callback() {
        return callback;
    }

    /** Sends the request to the next server. Without a next server, the caller receives the failure. */
    void tryNext() {
        if (scope.cancellableDependency.isCancelled()) {
            attempts.close();
            callback.failed(new InterruptedIOException("the request was cancelled"));
            return;
        }
        ClientAttempt attempt = attempts.next();
        if (attempt == null) {
            callback.failed(attempts.failure());
        } else {
            send(attempt);
        }
    }

    /** Handles a failure before the caller received the response. */
    void failed(ClientAttempt attempt, Exception cause) {
        switch (attempts.failed(attempt, cause, scope.cancellableDependency.isCancelled())) {
            case RETRY_NEXT_SERVER -> {
                rewind(attempt);
                tryNext();
            }
            case RETRY_SAME_SERVER -> {
                rewind(attempt);
                attempt.instance().evict();
                send(attempt);
            }
            case GIVE_UP -> callback.failed(attempts.failure());
        }
    }

    /** Handles a failure within a response that the caller has begun to read. */
    void brokenOff(ClientAttempt attempt, Exception thrown) {
        Exception cause = attempt.expired() ? attempt.timeout(thrown) : thrown;
        if (scope.cancellableDependency.isCancelled() || RetryRule.isCallersOwn(cause, true)) {
            attempt.abandoned();
        } else {
            attempt.failed(RetryRule.failure(cause, true));
        }
        callback.failed(cause);
    }

    /** Resets the body so that it can be sent again. */
    void rewind(ClientAttempt attempt) {
        if (body != null && attempt.everSent()) {
            body.releaseResources();
        }
    }

    private void send(ClientAttempt attempt) {
        ServerRoute route = attempt.route();
        AsyncRuntime runtime = AsyncRuntime.of(attempt, scope.execRuntime);
        AsyncExecChain.Scope inner = new AsyncExecChain.Scope(
                scope.exchangeId,
                route.httpRoute(),
                scope.originalRequest,
                scope.cancellableDependency,
                scope.clientContext,
                runtime,
                scope.scheduler,
                scope.execCount);
        AttemptCallback responses = new AttemptCallback(this, attempt, runtime);
        try {
            chain.proceed(requestOn(route), body, inner, responses);
        } catch (HttpException | IOException | RuntimeException e) {
            responses.failed(e);
        }
    }

    /** Returns a copy of the request, because HttpClient adds fields to the request that it sends. */
    private HttpRequest requestOn(ServerRoute route) {
        BasicHttpRequest copy = new BasicHttpRequest(
                request.getMethod(), request.getScheme(), request.getAuthority(), request.getPath());
        copy.setVersion(request.getVersion());
        copy.setHeaders(request.getHeaders());
        route.nameServerIn(copy, settings.serverHost());
        return copy;
    }
}
