package io.github.lbkit.http.internal.client.classic;

import io.github.lbkit.http.internal.client.AttemptSequence;
import io.github.lbkit.http.internal.client.BalancedRequest;
import io.github.lbkit.http.internal.client.ClientSettings;
import io.github.lbkit.http.internal.client.LogicalName;
import io.github.lbkit.http.internal.client.LogicalNames;
import io.github.lbkit.http.internal.client.RequestConfigs;
import io.github.lbkit.http.internal.client.RetryRule;
import io.github.lbkit.http.internal.client.UnbalancedRetryStrategy;
import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** The interceptor of a classic client: balances requests to logical names and passes on all others. Thread-safe. */
public final class ClassicHandler implements ExecChainHandler {
    private final LogicalNames names;
    private final ClientSettings settings;
    private final RequestConfigs configs;

    /** Creates the interceptor of one client. */
    public ClassicHandler(LogicalNames names, ClientSettings settings) {
        this.names = names;
        this.settings = settings;
        this.configs = new RequestConfigs(settings);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        LogicalName name = names.of(scope.route);
        UnbalancedRetryStrategy.mark(scope.clientContext, name != null);
        if (name == null) {
            return chain.proceed(request, scope);
        }
        RetryRule rule = RetryRule.of(
                request.getMethod(),
                request.getEntity() == null || request.getEntity().isRepeatable());
        RequestConfig callersConfig = scope.clientContext.getRequestConfig();
        BalancedRequest balanced = new BalancedRequest(scope.route, name.key().apply(request), rule, callersConfig);
        scope.clientContext.setRequestConfig(configs.balanced(callersConfig));
        try (AttemptSequence attempts = new AttemptSequence(name, balanced, settings)) {
            return new ClassicExchange(attempts, settings, request, scope, chain).execute();
        } finally {
            scope.clientContext.setRequestConfig(callersConfig);
        }
    }
}
