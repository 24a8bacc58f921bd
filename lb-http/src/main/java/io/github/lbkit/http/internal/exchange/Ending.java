package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.http.internal.upstream.UpstreamFault;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which an exchange, or one attempt of an exchange, ends. Each way has the word that the access log shows, the
 * status that the client gets where no byte of a response has gone out (where one has, the connection is reset), and the
 * failure that the balancer counts against the server, if any. No behaviour of a client counts against a server.
 * {@code docs/serve.md} shows the table.
 */
enum Ending {
    /** The response is complete; its status decides what the balancer is told. */
    COMPLETE("-", 0, null, "", ""),

    /** The server speaks a protocol that the proxy does not speak to servers, such as https. */
    UNSPOKEN_SCHEME(
            "unspoken-scheme",
            503,
            Failure.CONNECT,
            "it speaks a protocol that this proxy does not speak to servers",
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
    /** This process can open no socket, or the server has all the connections that it may have. */
    NO_CONNECTION(
            "no-connection",
            503,
            null,
            "it has as many connections as it may have, or this process can open no further socket",
            "Limits.connectionsPerServer, the limit of open files"),
    /** The server had ended a connection that was used before; the request is sent again on a new one. */
    STALE(
            "stale-connection",
            502,
            null,
            "it had ended a connection that was used before",
            "Timeouts.serverIdle, --server-idle-timeout"),
    /** The server ended the connection without a response. */
    SERVER_CLOSED("server-closed", 502, Failure.DISCONNECT, "it ended the connection without a response", ""),
    /** The server reset the connection before a response. */
    SERVER_RESET("server-reset", 502, Failure.DISCONNECT, "it reset the connection without a response", ""),
    /** The server ended the connection while the client still had to send the request's body. */
    LEFT_UPLOAD(
            "server-left-upload",
            502,
            null,
            "it ended the connection while the client was still sending the body of the request",
            "the server's own timeout for request bodies"),
    /** The server took no byte of the request for too long. */
    REQUEST_NOT_TAKEN(
            "request-not-taken",
            504,
            Failure.TIMEOUT,
            "it took no byte of the request for too long",
            "Timeouts.writeStall, --write-timeout"),
    /** The server sent no complete response head in time. */
    RESPONSE_TIMEOUT(
            "response-timeout",
            504,
            Failure.TIMEOUT,
            "it sent no response head in time",
            "Timeouts.responseHead, --response-timeout"),
    /** The server sent bytes that are not HTTP/1. */
    NOT_HTTP("not-http", 502, Failure.PROTOCOL, "what it sent is not HTTP/1", "the server's port and protocol"),
    /** The server sent a response that breaks a rule or a limit: a fault of one path, which says little of the server. */
    BAD_RESPONSE("bad-response", 502, null, "its response breaks a rule of HTTP/1.1 or a limit", "Limits"),
    /** The server ended the connection within a response. */
    RESPONSE_CUT("response-cut", 502, Failure.DISCONNECT, "it ended the connection within a response", ""),
    /** The server ended the connection within a response that the client took too slowly for it. */
    LEFT_DOWNLOAD(
            "server-left-download",
            502,
            null,
            "it ended the connection within a response that the client took slowly",
            "the server's own timeout for writing"),
    /** The server was silent within a response for too long. */
    RESPONSE_SILENT(
            "response-silent",
            504,
            Failure.TIMEOUT,
            "it was silent within a response for too long",
            "Timeouts.responseSilence, --silence-timeout"),
    /** The membership or the health of the server changed while the request could still go elsewhere. */
    INSTANCE_LOST("instance-lost", 502, null, "it was taken out while it had the request", ""),

    /** The client ended its side of the connection. */
    CLIENT_CLOSED("client-closed", 0, null, "", ""),
    /** The client reset the connection. */
    CLIENT_RESET("client-reset", 0, null, "", ""),
    /** The client took no byte of the response for too long. */
    CLIENT_NOT_READING("client-not-reading", 0, null, "", "Timeouts.writeStall, --write-timeout"),
    /** The client sent the head of its request too slowly. */
    HEAD_TIMEOUT("request-head-timeout", 408, null, "", "Timeouts.requestHead, --request-head-timeout"),
    /** The client sent the body of its request too slowly. */
    BODY_TIMEOUT("request-body-timeout", 408, null, "", "Timeouts.requestBody and requestBodyRate"),
    /** The client sent something that breaks a rule or a limit. */
    BAD_REQUEST("bad-request", 400, null, "", "Limits"),
    /** The time for the whole request was over while the client had to go on. */
    CLIENT_TOO_SLOW("request-timeout", 408, null, "", "Timeouts.request, --request-timeout"),

    /** The time for the whole request was over, most of it while the server had the request. */
    SERVER_TOO_SLOW(
            "request-timeout",
            504,
            Failure.TIMEOUT,
            "it had the request for most of the time that a whole request may take",
            "Timeouts.request, --request-timeout"),
    /** The time for the whole request was over, and no server had the request for most of it. */
    REQUEST_TIMEOUT(
            "request-timeout",
            504,
            null,
            "the time for the whole request was over",
            "Timeouts.request, --request-timeout"),
    /** The time for the whole request was over while it waited for a server. */
    QUEUE_TIMEOUT(
            "request-timeout",
            503,
            null,
            "the time for the whole request was over in the queue",
            "Timeouts.request, --request-timeout"),
    /** Code of the application or of this project threw. */
    INTERNAL_ERROR("internal-error", 500, null, "", ""),
    /** The proxy stopped, and the time for that was over. */
    STOPPED("stopped", 0, null, "", "--stop-timeout"),
    /** The buffers of all connections hold as much as they may. */
    BUFFERS_FULL(
            "buffers-full",
            503,
            null,
            "the buffers of all connections hold as much as they may",
            "ReverseProxy.Builder.maxBuffered, --max-buffered"),
    /** The threads of local handlers and their queue are full. */
    HANDLERS_BUSY(
            "handlers-busy",
            503,
            null,
            "all threads of local handlers are busy",
            "ReverseProxy.Builder.handlerThreads"),

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
            "no server is ready and well",
            "the servers, their health checks, ejection"),
    /** See {@link NoServer.Reason#ALL_BUSY}. */
    ALL_BUSY(
            "no-server:all-busy",
            503,
            null,
            "every server has as much in flight as it may",
            "maxInFlightPerServer, --max-in-flight"),
    /** See {@link NoServer.Reason#POOL_BUSY}. */
    POOL_BUSY(
            "no-server:pool-busy",
            503,
            null,
            "all servers together have as much in flight as they may",
            "maxInFlight, --max-in-flight-pool"),
    /** See {@link NoServer.Reason#ALL_TRIED}. */
    ALL_TRIED("no-server:all-tried", 503, null, "every server was tried", "the servers"),
    /** See {@link NoServer.Reason#ATTEMPTS_USED_UP}. */
    ATTEMPTS_USED_UP(
            "no-server:attempts-used-up", 503, null, "the request had all its attempts", "maxAttempts, --max-attempts"),
    /** See {@link NoServer.Reason#RETRY_BUDGET_EMPTY}. */
    RETRY_BUDGET_EMPTY(
            "no-server:retry-budget-empty", 503, null, "too many requests are being repeated", "retryBudget"),
    /** See {@link NoServer.Reason#QUEUE_FULL}. */
    QUEUE_FULL("no-server:queue-full", 503, null, "as many requests wait as may wait", "WaitQueue, --queue"),
    /** The request waited as long as it may. */
    WAITED_TOO_LONG(
            "no-server:waited-too-long",
            503,
            null,
            "the request waited as long as it may",
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

    /** Returns the word that stands for this ending in the access log. */
    String word() {
        return word;
    }

    /** Returns the status that the client gets if no byte of a response has gone out; 0 if the client gets none. */
    int status() {
        return status;
    }

    /** Returns the failure that counts against the server; null if none does. */
    @Nullable
    Failure failure() {
        return failure;
    }

    /** Returns whether operators are told why clients got this status. */
    boolean isExplained() {
        return !explanation.isEmpty();
    }

    /** Returns what was wrong, as a clause about the server. */
    String explanation() {
        return explanation;
    }

    /** Returns the settings that are concerned; empty if none is. */
    String setting() {
        return setting;
    }

    /** Returns whether no server can have had a byte of the request in the attempt that ended this way. */
    boolean isBeforeRequest() {
        return switch (this) {
            case UNSPOKEN_SCHEME, NO_ADDRESS, CONNECT_FAILED, CONNECT_TIMEOUT, NO_CONNECTION -> true;
            default -> false;
        };
    }

    /**
     * The state of an attempt at the moment at which its connection fails.
     *
     * @param used whether an earlier request went over the connection
     * @param anyByte whether a byte of a response has come
     * @param hasHead whether the final head has come
     * @param awaitsClient whether the client has to send more of the body, and all of it that has come is with the server
     * @param unsent whether bytes of the request wait to be taken by the server
     * @param clientWasSlow whether the server had to wait for the client to take the response
     */
    record Phase(
            boolean used,
            boolean anyByte,
            boolean hasHead,
            boolean awaitsClient,
            boolean unsent,
            boolean clientWasSlow) {}

    /** Returns how an attempt ends whose connection fails this way. */
    static Ending of(UpstreamFault fault, Phase phase) {
        return switch (fault) {
            case UNSPOKEN_SCHEME -> UNSPOKEN_SCHEME;
            case NO_ADDRESS -> NO_ADDRESS;
            case CONNECT_FAILED -> CONNECT_FAILED;
            case CONNECT_TIMEOUT -> CONNECT_TIMEOUT;
            case NO_CONNECTION -> NO_CONNECTION;
            case RESET -> lost(SERVER_RESET, phase);
            case TIMEOUT -> timedOut(phase);
            case CRASHED -> INTERNAL_ERROR;
        };
    }

    /** Returns how an attempt ends whose server ends its side before the response is complete. */
    static Ending closed(Phase phase) {
        return lost(SERVER_CLOSED, phase);
    }

    private static Ending lost(Ending beforeResponse, Phase phase) {
        if (phase.hasHead) {
            return phase.clientWasSlow ? LEFT_DOWNLOAD : RESPONSE_CUT;
        }
        if (phase.used && !phase.anyByte) {
            return STALE;
        }
        return phase.awaitsClient ? LEFT_UPLOAD : beforeResponse;
    }

    private static Ending timedOut(Phase phase) {
        if (phase.unsent) {
            return REQUEST_NOT_TAKEN;
        }
        return phase.hasHead ? RESPONSE_SILENT : RESPONSE_TIMEOUT;
    }

    /** Returns how an exchange ends for which no server could be had. */
    static Ending of(NoServer.Reason reason) {
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
