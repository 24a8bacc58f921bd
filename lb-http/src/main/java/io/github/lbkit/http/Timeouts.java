package io.github.lbkit.http;

import java.time.Duration;
import java.util.Optional;

/**
 * The timeouts of the proxy. Each is positive and at most 365 days. {@link #builder()} starts from the defaults.
 * Immutable.
 *
 * <p>Each timeout applies to one side only. The server's timeouts are suspended while the client does not read its
 * response or has to send more of its body. All are suspended while the proxy does not read because its buffers are
 * full.
 */
public final class Timeouts {
    private static final int HIGHEST_RATE = 1 << 30;

    /** The default timeouts. */
    public static final Timeouts DEFAULTS = new Builder().build();

    private final Duration connect;
    private final Duration requestHead;
    private final Duration requestBody;
    private final int requestBodyRate;
    private final Duration clientIdle;
    private final Duration responseHead;
    private final Duration responseSilence;
    private final Optional<Duration> eventStreamSilence;
    private final Duration writeStall;
    private final Optional<Duration> request;
    private final Duration serverIdle;
    private final Duration tunnel;

    private Timeouts(Builder builder) {
        connect = builder.connect;
        requestHead = builder.requestHead;
        requestBody = builder.requestBody;
        requestBodyRate = builder.requestBodyRate;
        clientIdle = builder.clientIdle;
        responseHead = builder.responseHead;
        responseSilence = builder.responseSilence;
        eventStreamSilence = builder.eventStreamSilence;
        writeStall = builder.writeStall;
        request = builder.request;
        serverIdle = builder.serverIdle;
        tunnel = builder.tunnel;
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with the values of these timeouts. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns the time for a connection to a server, including name resolution and all addresses. */
    public Duration connect() {
        return connect;
    }

    /** Returns the time from the first byte of a request to the end of its head. */
    public Duration requestHead() {
        return requestHead;
    }

    /**
     * Returns the longest time that the proxy waits for a client within a request body; see {@link #requestBodyRate}.
     */
    public Duration requestBody() {
        return requestBody;
    }

    /**
     * Returns the lowest rate of a request body, in bytes per second. Waiting for the client uses up the time of
     * {@link #requestBody}. Each byte that arrives gives back the time that a byte may take at this rate.
     */
    public int requestBodyRate() {
        return requestBodyRate;
    }

    /** Returns the longest time between two requests on a client connection. */
    public Duration clientIdle() {
        return clientIdle;
    }

    /**
     * Returns the time from the end of the request to the end of the final response head. Interim responses do not
     * extend it.
     */
    public Duration responseHead() {
        return responseHead;
    }

    /** Returns the longest time without data from the server within a response body. */
    public Duration responseSilence() {
        return responseSilence;
    }

    /**
     * Returns the longest time without data from the server within a {@code text/event-stream} body; empty for no
     * limit.
     */
    public Optional<Duration> eventStreamSilence() {
        return eventStreamSilence;
    }

    /** Returns the longest time in which a client or a server accepts no byte that is sent to it. */
    public Duration writeStall() {
        return writeStall;
    }

    /** Returns the time from the first byte of a request to the last byte of its response; empty for no limit. */
    public Optional<Duration> request() {
        return request;
    }

    /**
     * Returns the time that an idle connection to a server is kept. A server's {@code Keep-Alive: timeout=N} shortens
     * it.
     */
    public Duration serverIdle() {
        return serverIdle;
    }

    /**
     * Returns the longest time without data in either direction of a tunnel, which begins with a response 101. Once one
     * side has ended its direction, {@link #clientIdle} applies too. Of the other timeouts, only {@link #writeStall}
     * applies to a tunnel.
     */
    public Duration tunnel() {
        return tunnel;
    }

    /**
     * A builder of timeouts. Every method throws {@link IllegalArgumentException} for a value out of range. Not
     * thread-safe.
     */
    public static final class Builder {
        private Duration connect = Duration.ofSeconds(1);
        private Duration requestHead = Duration.ofSeconds(10);
        private Duration requestBody = Duration.ofSeconds(30);
        private int requestBodyRate = 240;
        private Duration clientIdle = Duration.ofSeconds(60);
        private Duration responseHead = Duration.ofSeconds(30);
        private Duration responseSilence = Duration.ofSeconds(30);
        private Optional<Duration> eventStreamSilence = Optional.empty();
        private Duration writeStall = Duration.ofSeconds(30);
        private Optional<Duration> request = Optional.empty();
        private Duration serverIdle = Duration.ofSeconds(30);
        private Duration tunnel = Duration.ofHours(1);

        private Builder() {}

        private Builder(Timeouts from) {
            connect = from.connect;
            requestHead = from.requestHead;
            requestBody = from.requestBody;
            requestBodyRate = from.requestBodyRate;
            clientIdle = from.clientIdle;
            responseHead = from.responseHead;
            responseSilence = from.responseSilence;
            eventStreamSilence = from.eventStreamSilence;
            writeStall = from.writeStall;
            request = from.request;
            serverIdle = from.serverIdle;
            tunnel = from.tunnel;
        }

        /** Sets {@link Timeouts#connect}; 1 second by default. */
        public Builder connect(Duration value) {
            connect = Settings.duration("timeout connect", value);
            return this;
        }

        /** Sets {@link Timeouts#requestHead}; 10 seconds by default. */
        public Builder requestHead(Duration value) {
            requestHead = Settings.duration("timeout requestHead", value);
            return this;
        }

        /** Sets {@link Timeouts#requestBody}; 30 seconds by default. */
        public Builder requestBody(Duration value) {
            requestBody = Settings.duration("timeout requestBody", value);
            return this;
        }

        /** Sets {@link Timeouts#requestBodyRate}, 1 to 2^30 bytes per second; 240 by default. */
        public Builder requestBodyRate(int value) {
            requestBodyRate = Settings.within("timeout requestBodyRate", value, 1, HIGHEST_RATE);
            return this;
        }

        /** Sets {@link Timeouts#clientIdle}; 60 seconds by default. */
        public Builder clientIdle(Duration value) {
            clientIdle = Settings.duration("timeout clientIdle", value);
            return this;
        }

        /** Sets {@link Timeouts#responseHead}; 30 seconds by default. */
        public Builder responseHead(Duration value) {
            responseHead = Settings.duration("timeout responseHead", value);
            return this;
        }

        /** Sets {@link Timeouts#responseSilence}; 30 seconds by default. */
        public Builder responseSilence(Duration value) {
            responseSilence = Settings.duration("timeout responseSilence", value);
            return this;
        }

        /** Sets {@link Timeouts#eventStreamSilence}; no limit by default. */
        public Builder eventStreamSilence(Duration value) {
            eventStreamSilence = Optional.of(Settings.duration("timeout eventStreamSilence", value));
            return this;
        }

        /** Sets {@link Timeouts#writeStall}; 30 seconds by default. */
        public Builder writeStall(Duration value) {
            writeStall = Settings.duration("timeout writeStall", value);
            return this;
        }

        /** Sets {@link Timeouts#request}; no limit by default. */
        public Builder request(Duration value) {
            request = Optional.of(Settings.duration("timeout request", value));
            return this;
        }

        /** Sets {@link Timeouts#serverIdle}; 30 seconds by default. */
        public Builder serverIdle(Duration value) {
            serverIdle = Settings.duration("timeout serverIdle", value);
            return this;
        }

        /** Sets {@link Timeouts#tunnel}; 1 hour by default. */
        public Builder tunnel(Duration value) {
            tunnel = Settings.duration("timeout tunnel", value);
            return this;
        }

        /** Returns timeouts with the values of this builder. */
        public Timeouts build() {
            return new Timeouts(this);
        }
    }
}
