package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/** Sends what goes to a logical name to its servers, and all else on its way. Thread-safe. */
public final class AsyncHandler implements AsyncExecChainHandler {
    private final Targets targets;
    private final ClientSettings settings;
    private final RequestConfigs configs;

    /** For one client. */
    public AsyncHandler(Targets targets, ClientSettings settings) {
        this.targets = targets;
        this.settings = settings;
        this.configs = new RequestConfigs(settings);
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
        RequestConfig callers = scope.clientContext.getRequestConfig();
        BalancedRequest balanced = new BalancedRequest(scope.route, rule, callers);
        Attempts attempts =
                new Attempts(target, target.balancer().call(target.key().key(request)), balanced, settings);
        scope.clientContext.setRequestConfig(configs.balanced(callers));
        AsyncExecCallback restoring = new RestoringCallback(callback, scope.clientContext, callers);
        new AsyncExchange(attempts, settings, request, body, scope, chain, restoring).askNext();
    }
}
