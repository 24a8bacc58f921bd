package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/** Sends what goes to a logical name to its servers, and all else on its way. Thread-safe. */
public final class AsyncHandler implements AsyncExecChainHandler {
    private final Targets targets;
    private final ClientSettings settings;

    /** For one client. */
    public AsyncHandler(Targets targets, ClientSettings settings) {
        this.targets = targets;
        this.settings = settings;
    }

    @Override
    public void execute(
            HttpRequest request,
            @Nullable AsyncEntityProducer body,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        Target target = targets.of(scope.route);
        OrdinaryRetries.mark(scope.clientContext, target != null);
        if (target == null) {
            chain.proceed(request, body, scope, callback);
            return;
        }
        RepeatRule rule = RepeatRule.of(request.getMethod(), body == null || body.isRepeatable());
        Attempts attempts =
                new Attempts(target, target.balancer().call(target.key().key(request)), scope.route, settings, rule);
        new AsyncExchange(attempts, settings, request, body, scope, chain, callback).askNext();
    }
}
