package io.github.lbkit.http.internal.client;

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
 * One request of an asynchronous client: attempts, until one has answered or none may follow. Confined to one thread at a
 * time: the caller's, and then the client's.
 */
final class AsyncExchange {
    private final Attempts attempts;
    private final ClientSettings settings;
    private final HttpRequest request;
    private final @Nullable AsyncEntityProducer body;
    private final AsyncExecChain.Scope scope;
    private final AsyncExecChain chain;
    private final AsyncExecCallback callback;

    AsyncExchange(
            Attempts attempts,
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

    Attempts attempts() {
        return attempts;
    }

    ClientSettings settings() {
        return settings;
    }

    AsyncExecCallback callback() {
        return callback;
    }

    /** Asks the next server; the caller gets the failure if there is none. */
    void askNext() {
        if (scope.cancellableDependency.isCancelled()) {
            attempts.close();
            callback.failed(new InterruptedIOException("the request was cancelled"));
            return;
        }
        Running running = attempts.next();
        if (running == null) {
            callback.failed(attempts.failure());
        } else {
            ask(running);
        }
    }

    void failed(Running running, Exception cause) {
        switch (attempts.failed(running, cause, scope.cancellableDependency.isCancelled())) {
            case ASK_NEXT -> {
                rewind(running);
                askNext();
            }
            case ASK_AGAIN -> {
                rewind(running);
                running.used().evict();
                ask(running);
            }
            case GIVE_UP -> callback.failed(attempts.failure());
        }
    }

    /** The caller has begun to read the response, and it does not go on. */
    void brokenOff(Running running, Exception thrown) {
        Exception cause = running.expired() ? running.explained(thrown) : thrown;
        if (scope.cancellableDependency.isCancelled() || RepeatRule.isOwn(cause, true)) {
            running.abandoned();
        } else {
            running.failed(RepeatRule.failure(cause, true));
        }
        callback.failed(cause);
    }

    /** Makes the body ready to be sent again. */
    void rewind(Running running) {
        if (body != null && running.everSent()) {
            body.releaseResources();
        }
    }

    private void ask(Running running) {
        Way way = running.way();
        AsyncRuntime runtime = AsyncRuntime.of(running, scope.execRuntime);
        AsyncExecChain.Scope inner = new AsyncExecChain.Scope(
                scope.exchangeId,
                way.route(),
                scope.originalRequest,
                scope.cancellableDependency,
                scope.clientContext,
                runtime,
                scope.scheduler,
                scope.execCount);
        AsyncAttempt attempt = new AsyncAttempt(this, running, runtime);
        try {
            chain.proceed(requestOn(way), body, inner, attempt);
        } catch (HttpException | IOException | RuntimeException e) {
            attempt.failed(e);
        }
    }

    /** A copy, since what sends it puts fields into it. */
    private HttpRequest requestOn(Way way) {
        BasicHttpRequest copy = new BasicHttpRequest(
                request.getMethod(), request.getScheme(), request.getAuthority(), request.getPath());
        copy.setVersion(request.getVersion());
        copy.setHeaders(request.getHeaders());
        way.putNameIn(copy, settings.serverHost());
        return copy;
    }
}
