package io.github.lbkit.http.internal.client.async;

import io.github.lbkit.api.Key;
import io.github.lbkit.http.internal.client.AttemptSequence;
import io.github.lbkit.http.internal.client.BalancedRequest;
import io.github.lbkit.http.internal.client.ClientSettings;
import io.github.lbkit.http.internal.client.LogicalName;
import io.github.lbkit.http.internal.client.LogicalNames;
import io.github.lbkit.http.internal.client.RequestConfigs;
import io.github.lbkit.http.internal.client.RetryRule;
import io.github.lbkit.http.internal.client.UnbalancedRetryStrategy;
import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * The interceptor of an asynchronous client: balances requests to logical names and passes on all others. Thread-safe.
 */
public final class AsyncHandler implements AsyncExecChainHandler {
    private final LogicalNames names;
    private final ClientSettings settings;
    private final RequestConfigs configs;

    /** Creates the interceptor of one client. */
    public AsyncHandler(LogicalNames names, ClientSettings settings) {
        this.names = names;
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
        LogicalName name = names.of(scope.route);
        UnbalancedRetryStrategy.mark(scope.clientContext, name != null);
        if (name == null) {
            chain.proceed(request, body, scope, callback);
            return;
        }
        RetryRule rule = RetryRule.of(request.getMethod(), body == null || body.isRepeatable());
        RequestConfig callersConfig = scope.clientContext.getRequestConfig();
        Key key = name.key().apply(request);
        AttemptSequence attempts =
                new AttemptSequence(name, new BalancedRequest(scope.route, key, rule, callersConfig), settings);
        scope.clientContext.setRequestConfig(configs.balanced(callersConfig));
        AsyncExecCallback restoring = new RestoringCallback(callback, scope.clientContext, callersConfig);
        new AsyncExchange(attempts, settings, request, body, scope, chain, restoring).tryNext();
    }
}
