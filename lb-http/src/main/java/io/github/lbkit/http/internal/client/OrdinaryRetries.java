package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * HttpClient's own retries, kept away from balanced requests: these have made their attempts, and would make them all over
 * again. Thread-safe if the strategy is.
 */
public final class OrdinaryRetries implements HttpRequestRetryStrategy {
    private static final String BALANCED = "io.github.lbkit.http.balanced";

    private final HttpRequestRetryStrategy others;

    /** The strategy of all other requests. */
    public OrdinaryRetries(HttpRequestRetryStrategy others) {
        this.others = others;
    }

    /** Says for the request that runs in this context whether it is balanced. */
    static void mark(HttpContext context, boolean balanced) {
        context.setAttribute(BALANCED, balanced);
    }

    @Override
    public boolean retryRequest(HttpRequest request, IOException exception, int execCount, HttpContext context) {
        return !isBalanced(context) && others.retryRequest(request, exception, execCount, context);
    }

    @Override
    public boolean retryRequest(HttpResponse response, int execCount, HttpContext context) {
        return !isBalanced(context) && others.retryRequest(response, execCount, context);
    }

    @Override
    public TimeValue getRetryInterval(HttpRequest request, IOException exception, int execCount, HttpContext context) {
        return others.getRetryInterval(request, exception, execCount, context);
    }

    @Override
    public TimeValue getRetryInterval(HttpResponse response, int execCount, HttpContext context) {
        return others.getRetryInterval(response, execCount, context);
    }

    private static boolean isBalanced(HttpContext context) {
        return Boolean.TRUE.equals(context.getAttribute(BALANCED));
    }
}
