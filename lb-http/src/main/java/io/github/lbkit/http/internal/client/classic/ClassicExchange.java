package io.github.lbkit.http.internal.client.classic;

import io.github.lbkit.http.internal.client.AttemptSequence;
import io.github.lbkit.http.internal.client.ClientAttempt;
import io.github.lbkit.http.internal.client.ClientSettings;
import io.github.lbkit.http.internal.client.ServerRoute;
import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of one request of a classic client: makes attempts until a server answers or no further attempt is
 * allowed. Confined to the caller's thread.
 */
final class ClassicExchange {
    private final AttemptSequence attempts;
    private final ClientSettings settings;
    private final ClassicHttpRequest request;
    private final ExecChain.Scope scope;
    private final ExecChain chain;

    ClassicExchange(
            AttemptSequence attempts,
            ClientSettings settings,
            ClassicHttpRequest request,
            ExecChain.Scope scope,
            ExecChain chain) {
        this.attempts = attempts;
        this.settings = settings;
        this.request = request;
        this.scope = scope;
        this.chain = chain;
    }

    /** Returns the response for the caller, or throws the last failure. */
    ClassicHttpResponse execute() throws IOException, HttpException {
        for (ClientAttempt attempt = attempts.next(); attempt != null; attempt = attempts.next()) {
            ClassicHttpResponse response = attempt(attempt);
            if (response != null) {
                return response;
            }
        }
        throw failure();
    }

    /** Returns the response for the caller; null if the request is to be sent to another server. */
    private @Nullable ClassicHttpResponse attempt(ClientAttempt attempt) throws IOException, HttpException {
        ClassicRuntime runtime = ClassicRuntime.of(
                attempt, scope.execRuntime, scope.originalRequest instanceof CancellableDependency c ? c : null);
        while (true) {
            try {
                return proceed(attempt, runtime);
            } catch (IOException | HttpException e) {
                runtime.discardEndpoint();
                switch (attempts.failed(attempt, e, runtime.isExecutionAborted())) {
                    case RETRY_NEXT_SERVER -> {
                        return null;
                    }
                    case RETRY_SAME_SERVER -> attempt.instance().evict();
                    case GIVE_UP -> throw failure();
                }
            } catch (RuntimeException | Error e) {
                runtime.discardEndpoint();
                attempt.abandoned();
                throw e;
            }
        }
    }

    private @Nullable ClassicHttpResponse proceed(ClientAttempt attempt, ClassicRuntime runtime)
            throws IOException, HttpException {
        ServerRoute route = attempt.route();
        ExecChain.Scope inner = new ExecChain.Scope(
                scope.exchangeId, route.httpRoute(), scope.originalRequest, runtime, scope.clientContext);
        ClassicHttpResponse response;
        try {
            response = chain.proceed(requestOn(route), inner);
        } finally {
            attempt.endWait();
        }
        attempt.responded(response);
        if (attempt.isFailureResponse() && attempts.rule().mayRetrySent() && attempts.hasNext()) {
            discard(response, attempt, runtime);
            return null;
        }
        return handOver(response, attempt, runtime);
    }

    /** Returns a copy of the request, because HttpClient adds fields to the request that it sends. */
    private ClassicHttpRequest requestOn(ServerRoute route) {
        BasicClassicHttpRequest copy = new BasicClassicHttpRequest(
                request.getMethod(), request.getScheme(), request.getAuthority(), request.getPath());
        copy.setVersion(request.getVersion());
        copy.setHeaders(request.getHeaders());
        copy.setEntity(request.getEntity());
        route.nameServerIn(copy, settings.serverHost());
        return copy;
    }

    private ClassicHttpResponse handOver(ClassicHttpResponse response, ClientAttempt attempt, ClassicRuntime runtime)
            throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null || !entity.isStreaming()) {
            attempt.completed();
        } else if (attempts.rule().mayRetrySent() && settings.holds(entity.getContentLength())) {
            attempt.beginWait();
            try {
                response.setEntity(HeldEntity.read(entity));
            } finally {
                attempt.endWait();
            }
            attempt.completed();
        } else if (attempt.handOver()) {
            response.setEntity(new TrackedEntity(entity, attempt, runtime));
        } else {
            throw new ConnectionClosedException("the server was lost");
        }
        return response;
    }

    /**
     * Drops a response. Reads a short body, so that its connection can be reused, and closes the connection otherwise.
     */
    private void discard(ClassicHttpResponse response, ClientAttempt attempt, ClassicRuntime runtime) {
        HttpEntity entity = response.getEntity();
        if (entity != null && settings.holds(entity.getContentLength())) {
            attempt.beginWait();
            EntityUtils.consumeQuietly(entity);
            attempt.endWait();
        }
        runtime.discardEndpoint();
    }

    private IOException failure() throws HttpException {
        Exception failure = attempts.failure();
        if (failure instanceof HttpException protocol) {
            throw protocol;
        }
        return failure instanceof IOException io ? io : new IOException(failure);
    }
}
