package io.github.lbkit.http;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.http.internal.client.ClientSettings;
import io.github.lbkit.http.internal.client.HttpComponents;
import io.github.lbkit.http.internal.client.LogicalNames;
import io.github.lbkit.http.internal.client.ResponseLimit;
import io.github.lbkit.http.internal.client.UnbalancedRetryStrategy;
import io.github.lbkit.http.internal.client.async.AsyncHandler;
import io.github.lbkit.http.internal.client.classic.ClassicHandler;
import io.github.lbkit.http.internal.status.FailureStatuses;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Client-side balancing for Apache HttpClient, classic or asynchronous. Requests to a logical name, such as
 * {@code http://orders/…}, go to the servers that a {@link LoadBalancer} chooses. The caller configures everything else
 * in HttpClient's own builder:
 *
 * <pre>{@code
 * CloseableHttpClient client = BalancedHttpClient.builder()
 *         .balance("orders", balancer)
 *         .classic(HttpClients.custom())
 *         .build();
 * }</pre>
 *
 * <p>Requests to other hosts are not changed. A balanced request makes one or more attempts, each at another server.
 * After a failure, it is retried if nothing of it was sent, or if its method is idempotent and its body is repeatable.
 * Retries stay within the balancer's {@code maxAttempts} and retry budget. A short response with Content-Length is held
 * until complete, so that a truncated one can be retried; a longer truncated response fails at the caller. The caller
 * receives the last response, or the last failure with the earlier failures as suppressed exceptions.
 *
 * <p>An attempt is in flight until the response has been read to its end or closed. Its latency is the time to the
 * response head. A response that is closed early and a request that is cancelled do not change the health of the
 * server.
 *
 * <p>Redirects, cookies, authentication and {@code Host} use the logical name. A redirect is a request of its own for
 * the balancer. Over TLS, a server's certificate must be valid for its {@link io.github.lbkit.api.Address#SNI} name, or
 * else for the logical name. If only the address has the scheme {@code https}, the certificate must be valid for the
 * server's host. A request with the scheme {@code https} always uses TLS. Through a plain proxy, the request names the
 * server, not the logical name.
 *
 * <p>HttpClient's connection limits per route apply per server. When a server leaves the pool, its idle connections are
 * closed at once, the others after their response. When a server is lost, requests without a response that may be
 * retried move to other servers at once.
 *
 * <p>Each HttpClient builder must be passed here once and build one client. In a caching client, a response from the
 * cache counts as a response of its server.
 */
public final class BalancedHttpClient {
    private static final String NAME = "lbkit";

    private BalancedHttpClient() {}

    /** Returns a builder with the defaults, without any logical name. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder of balanced clients. Every method throws {@link IllegalArgumentException} for a value that is not
     * allowed. Not thread-safe.
     */
    public static final class Builder {
        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(:[0-9]{1,5})?");
        private static final int MAX_HELD = 1 << 20;

        private record Balanced(LoadBalancer balancer, RequestKey key) {}

        private final Map<String, Balanced> balanced = new LinkedHashMap<>();
        private Set<Integer> failureStatuses = FailureStatuses.DEFAULT;
        private int held = 16 * 1024;
        private boolean serverHost;
        private boolean protocolUpgrade;
        private Duration responseTimeout = ResponseLimit.DEFAULTS.time();
        private boolean responseTimeoutChosen;
        private HttpRequestRetryStrategy otherRetries = DefaultHttpRequestRetryStrategy.INSTANCE;

        private Builder() {}

        /** Balances requests to this logical name, without a key. */
        public Builder balance(String name, LoadBalancer balancer) {
            return balance(name, balancer, RequestKey.none());
        }

        /**
         * Balances requests to this logical name by this key.
         *
         * @param name a host, for requests without a port or with the default port of their scheme; or host:port
         */
        public Builder balance(String name, LoadBalancer balancer, RequestKey key) {
            if (!HOST.matcher(name).matches()) {
                throw new IllegalArgumentException("logical name '" + name + "' is not a host or host:port");
            }
            if (balanced.putIfAbsent(name.toLowerCase(Locale.ROOT), new Balanced(balancer, key)) != null) {
                throw new IllegalArgumentException("logical name '" + name + "' is balanced already");
            }
            return this;
        }

        /**
         * Sets the statuses, 500 to 999, that count as a failure of the server; 502, 503 and 504 by default. The
         * request is retried at another server if possible; otherwise the caller receives the response. A 503 with
         * {@code Retry-After} is {@link io.github.lbkit.api.Failure#OVERLOADED}, which ejects no server.
         */
        public Builder failureStatuses(Set<Integer> value) {
            failureStatuses = FailureStatuses.within("failure status", value, 500);
            return this;
        }

        /**
         * Sets the length in bytes of the longest response with Content-Length that is held until complete, if its
         * request may be retried; 0 to 1,048,576; 16,384 by default.
         */
        public Builder held(int bytes) {
            held = Settings.within("held", bytes, 0, MAX_HELD);
            return this;
        }

        /** Sets whether {@code Host} names the server's address rather than the logical name; false by default. */
        public Builder serverHost(boolean value) {
            serverHost = value;
            return this;
        }

        /**
         * Sets the longest time that an attempt waits for its server: for the connection, for the server to accept the
         * request, for the complete response head, and for each further part of the body. After this time the attempt
         * fails with {@link io.github.lbkit.api.Failure#TIMEOUT}, or with {@code CONNECT} if there is no connection.
         * The request moves to the next server if it may be retried; otherwise the caller receives a
         * {@link java.net.SocketTimeoutException}. The time that the caller takes to read or to supply a body does not
         * count.
         *
         * <p>Positive, at most 365 days; 30 seconds by default. A time that is set here applies in addition to
         * HttpClient's own configuration: the shorter time counts. The default yields to a {@code responseTimeout} in
         * the request's {@code RequestConfig}. It also yields to a socket timeout of the connection that is longer and
         * not HttpClient's default.
         */
        public Builder responseTimeout(Duration value) {
            responseTimeout = Settings.duration("responseTimeout", value);
            responseTimeoutChosen = true;
            return this;
        }

        /**
         * Sets whether balanced requests carry HttpClient's field {@code Upgrade: TLS/1.2}, if the
         * {@code RequestConfig} asks for it, as HttpClient's default does. False by default, because servers behind
         * Envoy answer this field with 403.
         */
        public Builder protocolUpgrade(boolean value) {
            protocolUpgrade = value;
            return this;
        }

        /**
         * Sets HttpClient's retry strategy for requests that are not balanced; HttpClient's default strategy by
         * default. It must be set here, because {@link #classic} and {@link #async} replace the retry strategy of the
         * client's builder.
         */
        public Builder otherRetries(HttpRequestRetryStrategy value) {
            otherRetries = value;
            return this;
        }

        /** Configures balancing in this builder; returns the same builder. */
        public HttpClientBuilder classic(HttpClientBuilder client) {
            HttpComponents.check();
            return client.setRetryStrategy(new UnbalancedRetryStrategy(otherRetries))
                    .addExecInterceptorBefore(
                            ChainElement.PROTOCOL.name(), NAME, new ClassicHandler(names(), settings()));
        }

        /** Configures balancing in this builder; returns the same builder. */
        public HttpAsyncClientBuilder async(HttpAsyncClientBuilder client) {
            HttpComponents.check();
            return client.setRetryStrategy(new UnbalancedRetryStrategy(otherRetries))
                    .addExecInterceptorBefore(
                            ChainElement.PROTOCOL.name(), NAME, new AsyncHandler(names(), settings()));
        }

        private LogicalNames names() {
            ClientSettings settings = settings();
            LogicalNames names = new LogicalNames();
            balanced.forEach((name, to) -> names.add(
                    name,
                    to.balancer(),
                    to.key()::key,
                    none -> new NoServerException(name, none.reason(), none.retryAfter()),
                    settings));
            return names;
        }

        private ClientSettings settings() {
            return new ClientSettings(
                    new FailureStatuses(failureStatuses),
                    held,
                    serverHost,
                    protocolUpgrade,
                    new ResponseLimit(responseTimeout, responseTimeoutChosen));
        }
    }
}
