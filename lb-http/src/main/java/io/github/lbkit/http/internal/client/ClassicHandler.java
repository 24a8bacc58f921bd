package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Sends what goes to a logical name to its servers, and all else on its way. Thread-safe. */
public final class ClassicHandler implements ExecChainHandler {
    private final Targets targets;
    private final ClientSettings settings;
    private final RequestConfigs configs;

    /** For one client. */
    public ClassicHandler(Targets targets, ClientSettings settings) {
        this.targets = targets;
        this.settings = settings;
        this.configs = new RequestConfigs(settings);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Target target = targets.of(scope.route);
        OrdinaryRetries.mark(scope.clientContext, target != null);
        if (target == null) {
            return chain.proceed(request, scope);
        }
        RepeatRule rule = RepeatRule.of(
                request.getMethod(),
                request.getEntity() == null || request.getEntity().isRepeatable());
        RequestConfig callers = scope.clientContext.getRequestConfig();
        BalancedRequest balanced = new BalancedRequest(scope.route, rule, callers);
        scope.clientContext.setRequestConfig(configs.balanced(callers));
        try (Attempts attempts =
                new Attempts(target, target.balancer().call(target.key().key(request)), balanced, settings)) {
            return new ClassicExchange(attempts, settings, request, scope, chain).answer();
        } finally {
            scope.clientContext.setRequestConfig(callers);
        }
    }
}
