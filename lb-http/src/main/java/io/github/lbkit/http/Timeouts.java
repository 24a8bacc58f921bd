package io.github.lbkit.http;

import java.time.Duration;
import java.util.Optional;

/**
 * The times that the proxy waits. Each is positive and at most a year; {@link #builder()} starts from the defaults. Immutable.
 *
 * <p>A time counts against one side alone: while a client does not take its response, the server is not timed; while the client
 * has to send more of a body, the server is not timed either; and neither is timed while the proxy itself does not read for want
 * of memory.
 */
public final class Timeouts {
    private static final Duration LONGEST = Duration.ofDays(365); // before the defaults, which are checked against it
    private static final int FASTEST = 1 << 30;

    /** The defaults. */
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
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the time for a connection to a server, the look-up of its name and all addresses included. */
    public Duration connect() {
        return connect;
    }

    /** Returns the time from the first byte of a request to the end of its head. */
    public Duration requestHead() {
        return requestHead;
    }

    /** Returns the longest time that the proxy waits for a client within the body of a request; see {@link #requestBodyRate}. */
    public Duration requestBody() {
        return requestBody;
    }

    /**
     * Returns the least rate of a request's body, in bytes a second. Waiting for the client uses up the time of
     * {@link #requestBody}; each byte that comes gives the time back that it may take at this rate.
     */
    public int requestBodyRate() {
        return requestBodyRate;
    }

    /** Returns the time between requests on a client's connection. */
    public Duration clientIdle() {
        return clientIdle;
    }

    /** Returns the time from the whole request sent to the end of the final response head; interim responses do not count. */
    public Duration responseHead() {
        return responseHead;
    }

    /** Returns the longest silence of a server within the body of a response. */
    public Duration responseSilence() {
        return responseSilence;
    }

    /** Returns the longest silence of a server within a body of {@code text/event-stream}; empty for no limit. */
    public Optional<Duration> eventStreamSilence() {
        return eventStreamSilence;
    }

    /** Returns the longest time in which a client or a server takes no byte of what is sent to it. */
    public Duration writeStall() {
        return writeStall;
    }

    /** Returns the time from the first byte of a request to the last byte of its response; empty for no limit. */
    public Optional<Duration> request() {
        return request;
    }

    /** Returns the time that an unused connection to a server is kept; a server's {@code Keep-Alive: timeout=N} shortens it. */
    public Duration serverIdle() {
        return serverIdle;
    }

    /** A builder of timeouts. Every method throws {@link IllegalArgumentException} for a value out of range. Not thread-safe. */
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

        private Builder() {}

        /** Sets {@link Timeouts#connect}; 1 second by default. */
        public Builder connect(Duration value) {
            connect = positive("connect", value);
            return this;
        }

        /** Sets {@link Timeouts#requestHead}; 10 seconds by default. */
        public Builder requestHead(Duration value) {
            requestHead = positive("requestHead", value);
            return this;
        }

        /** Sets {@link Timeouts#requestBody}; 30 seconds by default. */
        public Builder requestBody(Duration value) {
            requestBody = positive("requestBody", value);
            return this;
        }

        /** Sets {@link Timeouts#requestBodyRate}, 1 to 2^30 bytes a second; 240 by default. */
        public Builder requestBodyRate(int value) {
            if (value < 1 || value > FASTEST) {
                throw new IllegalArgumentException(
                        "timeout requestBodyRate " + value + " is not within 1 to " + FASTEST + " bytes a second");
            }
            requestBodyRate = value;
            return this;
        }

        /** Sets {@link Timeouts#clientIdle}; 60 seconds by default. */
        public Builder clientIdle(Duration value) {
            clientIdle = positive("clientIdle", value);
            return this;
        }

        /** Sets {@link Timeouts#responseHead}; 30 seconds by default. */
        public Builder responseHead(Duration value) {
            responseHead = positive("responseHead", value);
            return this;
        }

        /** Sets {@link Timeouts#responseSilence}; 30 seconds by default. */
        public Builder responseSilence(Duration value) {
            responseSilence = positive("responseSilence", value);
            return this;
        }

        /** Sets {@link Timeouts#eventStreamSilence}; no limit by default. */
        public Builder eventStreamSilence(Duration value) {
            eventStreamSilence = Optional.of(positive("eventStreamSilence", value));
            return this;
        }

        /** Sets {@link Timeouts#writeStall}; 30 seconds by default. */
        public Builder writeStall(Duration value) {
            writeStall = positive("writeStall", value);
            return this;
        }

        /** Sets {@link Timeouts#request}; no limit by default. */
        public Builder request(Duration value) {
            request = Optional.of(positive("request", value));
            return this;
        }

        /** Sets {@link Timeouts#serverIdle}; 30 seconds by default. */
        public Builder serverIdle(Duration value) {
            serverIdle = positive("serverIdle", value);
            return this;
        }

        /** Returns timeouts with the values of this builder. */
        public Timeouts build() {
            return new Timeouts(this);
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("timeout " + name + " " + value + " is not positive");
            }
            if (value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("timeout " + name + " " + value + " is longer than " + LONGEST);
            }
            return value;
        }
    }
}
