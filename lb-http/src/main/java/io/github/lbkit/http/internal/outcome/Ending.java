package io.github.lbkit.http.internal.outcome;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.http.internal.upstream.UpstreamFault;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which an exchange, or one attempt of it, ends. No behaviour of a client counts against a server.
 *
 * <p>Each way has the word that the access log shows, and the failure that the balancer counts against the server, if
 * any. It also has the status that the client receives if no byte of a response was sent. If a byte was sent, the
 * client's connection is reset instead. {@code docs/serve.md} shows the table.
 */
public enum Ending {
    /** The response is complete. Its status decides whether the attempt counts as a failure. */
    COMPLETE("-", 0, null, "", ""),

    /** The address of the server has a scheme that the proxy does not support, such as h2c. */
    UNSUPPORTED_SCHEME(
            "unsupported-scheme",
            503,
            Failure.CONNECT,
            "the proxy does not support the protocol of its address",
            "the scheme of the server's address"),
    /** The name of the server has no address. */
    NO_ADDRESS("no-address", 503, Failure.CONNECT, "its name has no address", "the server's host name"),
    /** The server refused the connection. */
    CONNECT_FAILED("connect-failed", 503, Failure.CONNECT, "it did not accept the connection", "the server's address"),
    /** The server did not accept the connection in time. */
    CONNECT_TIMEOUT(
            "connect-timeout",
            503,
            Failure.CONNECT,
            "it did not accept the connection in time",
            "Timeouts.connect, --connect-timeout"),
    /** The server was connected, and the TLS handshake with it failed. No byte of a request was sent in clear text. */
    TLS_FAILED(
            "tls-failed",
            502,
            Failure.CONNECT,
            "the TLS handshake with it failed",
            "the server's certificate, ReverseProxyBuilder.serverTls, --server-ca"),
    /** This process can open no socket, or the limit of connections to the server is reached. */
    NO_CONNECTION(
            "no-connection",
            503,
            null,
            "the limit of connections to it is reached, or this process can open no further socket",
            "Limits.connectionsPerServer, --max-server-connections, the limit of open files"),
    /** The server had closed a connection that was used before. The request is sent again on a new connection. */
    STALE(
            "stale-connection",
            502,
            null,
            "it had closed a connection that was used before",
            "Timeouts.serverIdle, --server-idle-timeout"),
    /** The server closed the connection without a response. */
    SERVER_CLOSED("server-closed", 502, Failure.DISCONNECT, "it closed the connection without a response", ""),
    /** The server reset the connection before a response. */
    SERVER_RESET("server-reset", 502, Failure.DISCONNECT, "it reset the connection without a response", ""),
    /** The server closed the connection while the client was still sending the body of the request. */
    CLOSED_DURING_UPLOAD(
            "server-left-upload",
            502,
            null,
            "it closed the connection while the client was still sending the body of the request",
            "the server's own timeout for request bodies"),
    /** The server accepted no byte of the request within the timeout. */
    REQUEST_NOT_TAKEN(
            "request-not-taken",
            504,
            Failure.TIMEOUT,
            "it accepted no byte of the request within the timeout",
            "Timeouts.writeStall, --write-timeout"),
    /** The server sent no complete response head within the timeout. */
    RESPONSE_TIMEOUT(
            "response-timeout",
            504,
            Failure.TIMEOUT,
            "it sent no response head in time",
            "Timeouts.responseHead, --response-timeout"),
    /** The server sent bytes that are not HTTP/1. */
    NOT_HTTP("not-http", 502, Failure.PROTOCOL, "its response is not HTTP/1", "the server's port and protocol"),
    /**
     * The server sent a response that breaks a rule or a limit. That may concern one path only, so it does not count.
     */
    BAD_RESPONSE("bad-response", 502, null, "its response breaks a rule of HTTP/1.1 or a limit", "Limits"),
    /** The server switched protocols although it was not asked to, or to a protocol that was not asked for. */
    BAD_UPGRADE(
            "bad-upgrade",
            502,
            null,
            "it switched to a protocol that was not asked for",
            "ReverseProxyBuilder.upgrades, --upgrade"),
    /** The server closed the connection before the end of its response. */
    RESPONSE_CUT(
            "response-cut", 502, Failure.DISCONNECT, "it closed the connection before the end of its response", ""),
    /** The server closed the connection before the end of a response that the client read slowly. */
    CLOSED_DURING_DOWNLOAD(
            "server-left-download",
            502,
            null,
            "it closed the connection before the end of a response that the client read slowly",
            "the server's own timeout for writing"),
    /** The server sent no byte of an incomplete response within the timeout. */
    RESPONSE_SILENT(
            "response-silent",
            504,
            Failure.TIMEOUT,
            "it sent no byte of an incomplete response within the timeout",
            "Timeouts.responseSilence, --silence-timeout"),
    /** The membership or the health of the server changed while the request could still go elsewhere. */
    INSTANCE_LOST(
            "instance-lost", 502, null, "it left the membership, or became unhealthy, while it had the request", ""),

    /** The server reset the connection of a tunnel before either side had sent a byte into the tunnel. */
    TUNNEL_LOST(
            "tunnel-lost",
            0,
            Failure.DISCONNECT,
            "it reset the connection after it had switched protocols, before either side sent a byte",
            ""),
    /** The server reset the connection of a tunnel. */
    TUNNEL_RESET("tunnel-reset", 0, null, "it reset the connection of a tunnel", ""),
    /** The server accepted no byte of a tunnel within the timeout. */
    TUNNEL_STALLED(
            "tunnel-stalled",
            0,
            null,
            "it accepted no byte of a tunnel within the timeout",
            "Timeouts.writeStall, --write-timeout"),
    /** No byte passed through a tunnel, in either direction, within the timeout. */
    TUNNEL_IDLE("tunnel-idle", 0, null, "", "Timeouts.tunnel, --tunnel-timeout"),
    /** The server has left, and its tunnels did not end within the time of the drain. */
    TUNNEL_DRAINED("tunnel-drained", 0, null, "", "the drain time of the pool, --drain-timeout"),

    /** The client closed its side of the connection. */
    CLIENT_CLOSED("client-closed", 0, null, "", ""),
    /** The client reset the connection. */
    CLIENT_RESET("client-reset", 0, null, "", ""),
    /** The client read no byte of the response within the timeout. */
    CLIENT_NOT_READING("client-not-reading", 0, null, "", "Timeouts.writeStall, --write-timeout"),
    /** The client sent the head of its request too slowly. */
    HEAD_TIMEOUT("request-head-timeout", 408, null, "", "Timeouts.requestHead, --request-head-timeout"),
    /** The client sent the body of its request too slowly. */
    BODY_TIMEOUT("request-body-timeout", 408, null, "", "Timeouts.requestBody and requestBodyRate"),
    /** The client sent something that breaks a rule or a limit. */
    BAD_REQUEST("bad-request", 400, null, "", "Limits"),
    /** The timeout of the whole request passed while the proxy waited for the client. */
    CLIENT_TOO_SLOW("request-timeout", 408, null, "", "Timeouts.request, --request-timeout"),

    /** The timeout of the whole request passed, and more than half of the time was spent by the server. */
    SERVER_TOO_SLOW(
            "request-timeout",
            504,
            Failure.TIMEOUT,
            "it spent more than half of the timeout of the whole request",
            "Timeouts.request, --request-timeout"),
    /** The timeout of the whole request passed, and no server spent more than half of the time. */
    REQUEST_TIMEOUT(
            "request-timeout",
            504,
            null,
            "the timeout of the whole request passed",
            "Timeouts.request, --request-timeout"),
    /** The timeout of the whole request passed while the request was queued for a free server. */
    QUEUE_TIMEOUT(
            "request-timeout",
            503,
            null,
            "the timeout of the whole request passed in the queue",
            "Timeouts.request, --request-timeout"),
    /** Code of the application or of this project has thrown. */
    INTERNAL_ERROR("internal-error", 500, null, "", ""),
    /** The proxy stopped, and its deadline passed. */
    STOPPED("stopped", 0, null, "", "--stop-timeout"),
    /** The bytes in the buffers of all connections have reached their bound. */
    BUFFERS_FULL(
            "buffers-full",
            503,
            null,
            "the bytes in the buffers of all connections have reached their limit",
            "ReverseProxyBuilder.maxBuffered, --max-buffered"),
    /** The threads of local handlers and their queue are full. */
    HANDLERS_BUSY(
            "handlers-busy", 503, null, "all threads of local handlers are busy", "ReverseProxyBuilder.handlerThreads"),

    /** See {@link NoServer.Reason#POOL_UNKNOWN}. */
    POOL_UNKNOWN("no-server:pool-unknown", 503, null, "the pool does not know its servers yet", "the pool"),
    /** See {@link NoServer.Reason#MEMBERSHIP_REFUSED}. */
    MEMBERSHIP_REFUSED("no-server:membership-refused", 503, null, "the policy refused the membership", "the policy"),
    /** See {@link NoServer.Reason#POOL_EMPTY}. */
    POOL_EMPTY("no-server:pool-empty", 503, null, "no server has a weight above 0", "the pool"),
    /** See {@link NoServer.Reason#NONE_READY}. */
    NONE_READY(
            "no-server:none-ready",
            503,
            null,
            "no server is ready and healthy",
            "the servers, their health checks, ejection"),
    /** See {@link NoServer.Reason#ALL_BUSY}. */
    ALL_BUSY(
            "no-server:all-busy",
            503,
            null,
            "every server has reached its limit of requests in flight",
            "maxInFlightPerServer, --max-in-flight"),
    /** See {@link NoServer.Reason#POOL_BUSY}. */
    POOL_BUSY(
            "no-server:pool-busy",
            503,
            null,
            "all servers together have reached their limit of requests in flight",
            "maxInFlight, --max-in-flight-pool"),
    /** See {@link NoServer.Reason#ALL_TRIED}. */
    ALL_TRIED("no-server:all-tried", 503, null, "every server was tried", "the servers"),
    /** See {@link NoServer.Reason#ATTEMPTS_USED_UP}. */
    ATTEMPTS_USED_UP(
            "no-server:attempts-used-up",
            503,
            null,
            "the request has reached its maximum number of attempts",
            "maxAttempts, --max-attempts"),
    /** See {@link NoServer.Reason#RETRY_BUDGET_EMPTY}. */
    RETRY_BUDGET_EMPTY("no-server:retry-budget-empty", 503, null, "the budget for retries is used up", "retryBudget"),
    /** See {@link NoServer.Reason#QUEUE_FULL}. */
    QUEUE_FULL("no-server:queue-full", 503, null, "the queue is full", "WaitQueue, --queue"),
    /** The request was queued for the maximum time. */
    WAITED_TOO_LONG(
            "no-server:waited-too-long",
            503,
            null,
            "the request was queued for the maximum time",
            "WaitQueue, --queue-timeout"),
    /** See {@link NoServer.Reason#CLOSED}. */
    BALANCER_CLOSED("no-server:closed", 503, null, "the balancer is closed", "");

    private final String word;
    private final int status;
    private final @Nullable Failure failure;
    private final String explanation;
    private final String setting;

    Ending(String word, int status, @Nullable Failure failure, String explanation, String setting) {
        this.word = word;
        this.status = status;
        this.failure = failure;
        this.explanation = explanation;
        this.setting = setting;
    }

    /** Returns the word for this ending in logs. */
    public String word() {
        return word;
    }

    /** Returns the status that the client receives if no byte of a response was sent; 0 if the client receives none. */
    public int status() {
        return status;
    }

    /** Returns the failure that counts against the server; null if none counts. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Returns whether the log explains this ending to operators. */
    boolean isExplained() {
        return !explanation.isEmpty();
    }

    /** Returns the cause, as a clause about the server. */
    String explanation() {
        return explanation;
    }

    /** Returns the settings that influence this ending; empty if none does. */
    String setting() {
        return setting;
    }

    /** Returns whether an attempt that ends this way has sent no byte of the request. */
    public boolean isBeforeRequest() {
        return switch (this) {
            case UNSUPPORTED_SCHEME, NO_ADDRESS, CONNECT_FAILED, CONNECT_TIMEOUT, NO_CONNECTION -> true;
            default -> false;
        };
    }

    /** Returns whether an attempt that ends this way has received a response that cannot be passed on. */
    public boolean isWrongResponse() {
        return this == BAD_RESPONSE || this == NOT_HTTP || this == BAD_UPGRADE;
    }

    /**
     * The state of an attempt when its connection fails.
     *
     * @param used whether an earlier request used the connection
     * @param anyByte whether a byte of a response was received
     * @param hasHead whether the final head was received
     * @param awaitsClient whether the client has to send more of the body, and the server has all that was received
     * @param unsent whether bytes of the request wait until the server accepts them
     * @param clientWasSlow whether the response had to wait because the client did not read
     */
    public record Phase(
            boolean used,
            boolean anyByte,
            boolean hasHead,
            boolean awaitsClient,
            boolean unsent,
            boolean clientWasSlow) {}

    /** Returns the ending of an attempt whose connection fails in this way. */
    public static Ending of(UpstreamFault fault, Phase phase) {
        return switch (fault) {
            case UNSUPPORTED_SCHEME -> UNSUPPORTED_SCHEME;
            case NO_ADDRESS -> NO_ADDRESS;
            case CONNECT_FAILED -> CONNECT_FAILED;
            case CONNECT_TIMEOUT -> CONNECT_TIMEOUT;
            case TLS_FAILED -> TLS_FAILED;
            case NO_CONNECTION -> NO_CONNECTION;
            case RESET -> lost(SERVER_RESET, phase);
            case TIMEOUT -> timedOut(phase);
            case CRASHED -> INTERNAL_ERROR;
        };
    }

    /** Returns the ending of an attempt whose server closes its side before the response is complete. */
    public static Ending closed(Phase phase) {
        return lost(SERVER_CLOSED, phase);
    }

    private static Ending lost(Ending beforeResponse, Phase phase) {
        if (phase.hasHead) {
            return phase.clientWasSlow ? CLOSED_DURING_DOWNLOAD : RESPONSE_CUT;
        }
        if (phase.used && !phase.anyByte) {
            return STALE;
        }
        return phase.awaitsClient ? CLOSED_DURING_UPLOAD : beforeResponse;
    }

    private static Ending timedOut(Phase phase) {
        if (phase.unsent) {
            return REQUEST_NOT_TAKEN;
        }
        return phase.hasHead ? RESPONSE_SILENT : RESPONSE_TIMEOUT;
    }

    /** Returns the ending of an exchange for which there is no server. */
    public static Ending of(NoServer.Reason reason) {
        return switch (reason) {
            case POOL_UNKNOWN -> POOL_UNKNOWN;
            case POOL_EMPTY -> POOL_EMPTY;
            case MEMBERSHIP_REFUSED -> MEMBERSHIP_REFUSED;
            case NONE_READY -> NONE_READY;
            case ALL_BUSY -> ALL_BUSY;
            case POOL_BUSY -> POOL_BUSY;
            case ALL_TRIED -> ALL_TRIED;
            case RETRY_BUDGET_EMPTY -> RETRY_BUDGET_EMPTY;
            case QUEUE_FULL -> QUEUE_FULL;
            case QUEUE_TIMEOUT -> WAITED_TOO_LONG;
            case ATTEMPTS_USED_UP -> ATTEMPTS_USED_UP;
            case CLOSED -> BALANCER_CLOSED;
        };
    }
}
