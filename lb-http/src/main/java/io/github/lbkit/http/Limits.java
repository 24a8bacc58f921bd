package io.github.lbkit.http;

import java.util.OptionalLong;

/** The limits on what the proxy accepts and keeps in memory. {@link #builder()} starts from the defaults. Immutable. */
public final class Limits {
    /** The default limits. */
    public static final Limits DEFAULTS = builder().build();

    private final int requestLine;
    private final int requestHead;
    private final int requestFields;
    private final int responseHead;
    private final int responseFields;
    private final int replay;
    private final int held;
    private final int pipelined;
    private final int connectionsPerServer;
    private final int clientConnections;
    private final OptionalLong requestBody;

    private Limits(Builder builder) {
        requestLine = builder.requestLine;
        requestHead = builder.requestHead;
        requestFields = builder.requestFields;
        responseHead = builder.responseHead;
        responseFields = builder.responseFields;
        replay = builder.replay;
        held = builder.held;
        pipelined = builder.pipelined;
        connectionsPerServer = builder.connectionsPerServer;
        clientConnections = builder.clientConnections;
        requestBody = builder.requestBody;
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the longest request line in bytes, without its line end. A longer request line is answered with 414. */
    public int requestLine() {
        return requestLine;
    }

    /** Returns the longest request head in bytes, including the request line. A longer head is answered with 431. */
    public int requestHead() {
        return requestHead;
    }

    /** Returns the highest number of fields in a request head. More fields are answered with 431. */
    public int requestFields() {
        return requestFields;
    }

    /** Returns the longest request body in bytes; empty for no limit. A longer body is answered with 413. */
    public OptionalLong requestBody() {
        return requestBody;
    }

    /** Returns the longest response head in bytes, including the status line. A longer head is answered with 502. */
    public int responseHead() {
        return responseHead;
    }

    /** Returns the highest number of fields in a response head. More fields are answered with 502. */
    public int responseFields() {
        return responseFields;
    }

    /** Returns the number of bytes of a request body that are kept so that the request can be repeated. */
    public int replay() {
        return replay;
    }

    /** Returns the length in bytes of the longest response with Content-Length that is held until complete. */
    public int held() {
        return held;
    }

    /**
     * Returns the number of bytes of later requests that are read from a client while its current request is answered.
     */
    public int pipelined() {
        return pipelined;
    }

    /** Returns the highest number of connections to one instance. */
    public int connectionsPerServer() {
        return connectionsPerServer;
    }

    /**
     * Returns the highest number of client connections. At this number, a new connection closes the one that has been
     * idle for the longest time. While no connection is idle, no connection is accepted.
     *
     * <p>If the process may not open enough files, the proxy lowers this number when it starts. Of the files that are
     * left after 100 files, or after the open files if these are more, one half is for clients and one half for
     * servers.
     */
    public int clientConnections() {
        return clientConnections;
    }

    /** Returns a builder with the values of these limits. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * A builder of limits. Every method throws {@link IllegalArgumentException} for a value out of range. Not
     * thread-safe.
     */
    public static final class Builder {
        private int requestLine = 8192;
        private int requestHead = 16384;
        private int requestFields = 100;
        private int responseHead = 65536;
        private int responseFields = 200;
        private int replay = 65536;
        private int held = 16384;
        private int pipelined = 16384;
        private int connectionsPerServer = 1024;
        private int clientConnections = 10000;
        private OptionalLong requestBody = OptionalLong.empty();

        private Builder() {}

        private Builder(Limits from) {
            requestLine = from.requestLine;
            requestHead = from.requestHead;
            requestFields = from.requestFields;
            responseHead = from.responseHead;
            responseFields = from.responseFields;
            replay = from.replay;
            held = from.held;
            pipelined = from.pipelined;
            connectionsPerServer = from.connectionsPerServer;
            clientConnections = from.clientConnections;
            requestBody = from.requestBody;
        }

        /** Sets {@link Limits#requestLine}, 64 to 65,536 bytes; 8,192 by default. */
        public Builder requestLine(int value) {
            requestLine = Settings.within("limit requestLine", value, 64, 65536);
            return this;
        }

        /** Sets {@link Limits#requestHead}, 256 to 262,144 bytes; 16,384 by default. */
        public Builder requestHead(int value) {
            requestHead = Settings.within("limit requestHead", value, 256, 262_144);
            return this;
        }

        /** Sets {@link Limits#requestFields}, 1 to 1,000; 100 by default. */
        public Builder requestFields(int value) {
            requestFields = Settings.within("limit requestFields", value, 1, 1000);
            return this;
        }

        /**
         * Sets {@link Limits#requestBody}, 0 bytes or more; no limit by default. A body with Content-Length is refused
         * before a server is chosen, a chunked body as soon as it exceeds the limit.
         */
        public Builder requestBody(long value) {
            if (value < 0) {
                throw new IllegalArgumentException("limit requestBody " + value + " is not 0 or more");
            }
            requestBody = OptionalLong.of(value);
            return this;
        }

        /** Sets {@link Limits#responseHead}, 256 to 1,048,576 bytes; 65,536 by default. */
        public Builder responseHead(int value) {
            responseHead = Settings.within("limit responseHead", value, 256, 1_048_576);
            return this;
        }

        /** Sets {@link Limits#responseFields}, 1 to 1,000; 200 by default. */
        public Builder responseFields(int value) {
            responseFields = Settings.within("limit responseFields", value, 1, 1000);
            return this;
        }

        /** Sets {@link Limits#replay}, 0 to 16,777,216 bytes; 65,536 by default. */
        public Builder replay(int value) {
            replay = Settings.within("limit replay", value, 0, 16_777_216);
            return this;
        }

        /** Sets {@link Limits#held}, 0 to 1,048,576 bytes; 16,384 by default. */
        public Builder held(int value) {
            held = Settings.within("limit held", value, 0, 1_048_576);
            return this;
        }

        /** Sets {@link Limits#pipelined}, 1,024 to 1,048,576 bytes; 16,384 by default. */
        public Builder pipelined(int value) {
            pipelined = Settings.within("limit pipelined", value, 1024, 1_048_576);
            return this;
        }

        /** Sets {@link Limits#connectionsPerServer}, 1 to 65,535; 1,024 by default. */
        public Builder connectionsPerServer(int value) {
            connectionsPerServer = Settings.within("limit connectionsPerServer", value, 1, 65535);
            return this;
        }

        /** Sets {@link Limits#clientConnections}, 1 to 1,000,000; 10,000 by default. */
        public Builder clientConnections(int value) {
            clientConnections = Settings.within("limit clientConnections", value, 1, 1_000_000);
            return this;
        }

        /** Returns limits with the values of this builder. */
        public Limits build() {
            return new Limits(this);
        }
    }
}
