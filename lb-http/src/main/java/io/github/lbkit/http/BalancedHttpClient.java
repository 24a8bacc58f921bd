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
 * Makes an Apache HttpClient, classic or asynchronous, send its requests to a logical name, such as
 * {@code http://orders/…}, to the servers that a {@link LoadBalancer} chooses. Everything else about the client stays
 * with the caller, who gives its builder and gets it back:
 *
 * <pre>{@code
 * CloseableHttpClient client = BalancedHttpClient.builder()
 *         .balance("orders", balancer)
 *         .classic(HttpClients.custom())
 *         .build();
 * }</pre>
 *
 * <p>A request whose host is no such name goes its ordinary route. A balanced one makes attempts, each at another server:
 * after a failure it is repeated if nothing of it was sent, or if its method is idempotent and its body can be sent
 * again; within the balancer's {@code maxAttempts} and retry budget. A response with Content-Length that is short enough
 * is held until complete, so that one that is cut can be repeated; a longer one that is cut is the caller's to see. The
 * caller gets the last failure, with those before as suppressed ones, or the last response.
 *
 * <p>An attempt is in flight until the response has been read to its end or closed. Its latency is the time to the
 * response's head. A response that is closed before its end, and a request that is cancelled, say nothing about the
 * server.
 *
 * <p>Redirects, cookies, authentication and {@code Host} go by the logical name; a redirect is a request of its own to
 * the balancer. Over TLS, a server's certificate must be valid for its {@link io.github.lbkit.api.Address#SNI} name, or
 * else for the logical name (for the server's host, if only the address says {@code https}). A request that asks for TLS
 * gets it, whatever the address says. Through a plain proxy the request names the server, not the logical name.
 *
 * <p>Limits of HttpClient's pool of connections that are counted by route are counted by server. ClientInstances to a server
 * that has left are closed: idle ones at once, others when their response is complete. When a server is lost, requests to
 * it that can be repeated and have no response yet move on at once.
 *
 * <p>A builder that was given here is for one client. Of a caching client, an answer from the cache counts as its
 * server's.
 */
public final class BalancedHttpClient {
    private static final String NAME = "lbkit";

    private BalancedHttpClient() {}

    /** The settings, at their defaults; it balances nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings of balanced requests; each is checked where it is set. Not thread-safe. */
    public static final class Builder {
        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(:[0-9]{1,5})?");
        private static final int MOST_HELD = 1 << 20;
        private static final Duration LONGEST = Duration.ofDays(365);

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

        /** Requests to this name are balanced without a key. */
        public Builder balance(String name, LoadBalancer balancer) {
            return balance(name, balancer, RequestKey.none());
        }

        /**
         * Requests to this name are balanced by this key.
         *
         * @param name a host as it stands in URLs, for requests without a port or to the scheme's own; or host:port
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
         * The statuses, 500 to 999, by which a response counts as a failure of its server: another is asked if the
         * request can be repeated, else the caller gets the response. A 503 that says when to come back
         * ({@code Retry-After}) is {@link io.github.lbkit.api.Failure#OVERLOADED}, which ejects nobody. 502, 503 and 504
         * by default.
         */
        public Builder failureStatuses(Set<Integer> value) {
            failureStatuses = FailureStatuses.within("failure status", value, 500);
            return this;
        }

        /**
         * The longest response with Content-Length, in bytes, that is held until complete if its request can be
         * repeated; 0 to 1,048,576; 16,384 by default.
         */
        public Builder held(int bytes) {
            if (bytes < 0 || bytes > MOST_HELD) {
                throw new IllegalArgumentException("held " + bytes + " is not within 0 to " + MOST_HELD);
            }
            held = bytes;
            return this;
        }

        /** Whether {@code Host} names the server's address rather than the logical name; no by default. */
        public Builder serverHost(boolean value) {
            serverHost = value;
            return this;
        }

        /**
         * Sets how long an attempt waits for its server: for the connection, for the server to take the request, for the
         * complete head of the response, and for each further part of the body. After that the attempt has failed
         * ({@link io.github.lbkit.api.Failure#TIMEOUT}, or {@code CONNECT} without a connection). A request that can be repeated moves on to the next
         * server; otherwise the caller gets a {@link java.net.SocketTimeoutException}. The time that the caller takes, to
         * read or to supply a body, does not count.
         *
         * <p>Positive, at most 365 days; 30 seconds by default. A limit that is set here holds beside HttpClient's own
         * configuration: the shorter time counts. The default yields to a {@code responseTimeout} in the request's
         * {@code RequestConfig}, and to a socket timeout of the connection that is longer and not HttpClient's default.
         */
        public Builder responseTimeout(Duration value) {
            if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "responseTimeout " + value + " is not positive and at most " + LONGEST.toDays() + " days");
            }
            responseTimeout = value;
            responseTimeoutChosen = true;
            return this;
        }

        /**
         * Whether balanced requests carry HttpClient's {@code Upgrade: TLS/1.2} field, if the {@code RequestConfig} asks for
         * the field, as HttpClient's default does; no by default, because servers behind Envoy answer 403 to the field.
         */
        public Builder protocolUpgrade(boolean value) {
            protocolUpgrade = value;
            return this;
        }

        /**
         * How HttpClient itself retries requests that are not balanced; its default by default. This stands here
         * because balanced requests must be kept from it: {@link #classic} and {@link #async} replace the strategy
         * that a builder had.
         */
        public Builder otherRetries(HttpRequestRetryStrategy value) {
            otherRetries = value;
            return this;
        }

        /** Makes this builder's client balance; gives it back. */
        public HttpClientBuilder classic(HttpClientBuilder client) {
            HttpComponents.check();
            return client.setRetryStrategy(new UnbalancedRetryStrategy(otherRetries))
                    .addExecInterceptorBefore(
                            ChainElement.PROTOCOL.name(), NAME, new ClassicHandler(names(), settings()));
        }

        /** Makes this builder's client balance; gives it back. */
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
