package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * HttpClient's retry strategy, restricted to requests that are not balanced. Balanced requests make their own attempts,
 * and must not be repeated as a whole. Thread-safe if the given strategy is.
 */
public final class UnbalancedRetryStrategy implements HttpRequestRetryStrategy {
    private static final String BALANCED = "io.github.lbkit.http.balanced";

    private final HttpRequestRetryStrategy strategy;

    /** Restricts this strategy. */
    public UnbalancedRetryStrategy(HttpRequestRetryStrategy strategy) {
        this.strategy = strategy;
    }

    /** Notes in a request's context whether the request is balanced. */
    public static void mark(HttpContext context, boolean balanced) {
        context.setAttribute(BALANCED, balanced);
    }

    @Override
    public boolean retryRequest(HttpRequest request, IOException exception, int execCount, HttpContext context) {
        return !isBalanced(context) && strategy.retryRequest(request, exception, execCount, context);
    }

    @Override
    public boolean retryRequest(HttpResponse response, int execCount, HttpContext context) {
        return !isBalanced(context) && strategy.retryRequest(response, execCount, context);
    }

    @Override
    public TimeValue getRetryInterval(HttpRequest request, IOException exception, int execCount, HttpContext context) {
        return strategy.getRetryInterval(request, exception, execCount, context);
    }

    @Override
    public TimeValue getRetryInterval(HttpResponse response, int execCount, HttpContext context) {
        return strategy.getRetryInterval(response, execCount, context);
    }

    private static boolean isBalanced(HttpContext context) {
        return Boolean.TRUE.equals(context.getAttribute(BALANCED));
    }
}
