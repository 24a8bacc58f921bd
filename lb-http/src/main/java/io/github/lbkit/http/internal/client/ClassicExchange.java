package io.github.lbkit.http.internal.client;

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

/** One request of a classic client: attempts, until one has answered or none may follow. Confined to the caller's thread. */
final class ClassicExchange {
    private final Attempts attempts;
    private final ClientSettings settings;
    private final ClassicHttpRequest request;
    private final ExecChain.Scope scope;
    private final ExecChain chain;

    ClassicExchange(
            Attempts attempts,
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

    ClassicHttpResponse answer() throws IOException, HttpException {
        for (Running running = attempts.next(); running != null; running = attempts.next()) {
            ClassicHttpResponse response = attempt(running);
            if (response != null) {
                return response;
            }
        }
        throw failure();
    }

    /** The response that the caller gets; null if another server is to be asked. */
    private @Nullable ClassicHttpResponse attempt(Running running) throws IOException, HttpException {
        ClassicRuntime runtime = ClassicRuntime.of(
                running, scope.execRuntime, scope.originalRequest instanceof CancellableDependency c ? c : null);
        while (true) {
            try {
                return proceed(running, runtime);
            } catch (IOException | HttpException e) {
                runtime.discardEndpoint();
                switch (attempts.failed(running, e, runtime.isExecutionAborted())) {
                    case ASK_NEXT -> {
                        return null;
                    }
                    case ASK_AGAIN -> running.used().evict();
                    case GIVE_UP -> throw failure();
                }
            } catch (RuntimeException | Error e) {
                runtime.discardEndpoint();
                running.abandoned();
                throw e;
            }
        }
    }

    private @Nullable ClassicHttpResponse proceed(Running running, ClassicRuntime runtime)
            throws IOException, HttpException {
        Way way = running.way();
        ExecChain.Scope inner =
                new ExecChain.Scope(scope.exchangeId, way.route(), scope.originalRequest, runtime, scope.clientContext);
        ClassicHttpResponse response;
        try {
            response = chain.proceed(requestOn(way), inner);
        } finally {
            running.rests();
        }
        running.responded(response);
        if (running.saysFailure() && attempts.rule().mayRepeatSent() && attempts.hasNext()) {
            discard(response, running, runtime);
            return null;
        }
        return handOver(response, running, runtime);
    }

    /** A copy, since what sends it puts fields into it. */
    private ClassicHttpRequest requestOn(Way way) {
        BasicClassicHttpRequest copy = new BasicClassicHttpRequest(
                request.getMethod(), request.getScheme(), request.getAuthority(), request.getPath());
        copy.setVersion(request.getVersion());
        copy.setHeaders(request.getHeaders());
        copy.setEntity(request.getEntity());
        way.putNameIn(copy, settings.serverHost());
        return copy;
    }

    private ClassicHttpResponse handOver(ClassicHttpResponse response, Running running, ClassicRuntime runtime)
            throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null || !entity.isStreaming()) {
            running.completed();
        } else if (attempts.rule().mayRepeatSent() && settings.holds(entity.getContentLength())) {
            running.awaits();
            try {
                response.setEntity(HeldEntity.read(entity));
            } finally {
                running.rests();
            }
            running.completed();
        } else if (running.handOver()) {
            response.setEntity(new WatchedEntity(entity, running, runtime));
        } else {
            throw new ConnectionClosedException("the server was lost");
        }
        return response;
    }

    /** Reads what is short, so that the connection can be used again, and closes it otherwise. */
    private void discard(ClassicHttpResponse response, Running running, ClassicRuntime runtime) {
        HttpEntity entity = response.getEntity();
        if (entity != null && settings.holds(entity.getContentLength())) {
            running.awaits();
            EntityUtils.consumeQuietly(entity);
            running.rests();
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
