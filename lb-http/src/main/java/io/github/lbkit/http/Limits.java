package io.github.lbkit.http;

import java.util.OptionalLong;

/** How much the proxy takes in. Immutable. */
public final class Limits {
    /** The defaults. */
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

    /** Returns the longest request line in bytes, without its line end: a longer one is 414. */
    public int requestLine() {
        return requestLine;
    }

    /** Returns the longest head of a request in bytes, the request line included: a longer one is 431. */
    public int requestHead() {
        return requestHead;
    }

    /** Returns the most fields of a request's head, a number: more are 431. */
    public int requestFields() {
        return requestFields;
    }

    /** Returns the longest body of a request in bytes, if there is a limit: a longer one is 413. */
    public OptionalLong requestBody() {
        return requestBody;
    }

    /** Returns the longest head of a response in bytes, the status line included: a longer one is 502. */
    public int responseHead() {
        return responseHead;
    }

    /** Returns the most fields of a response's head, a number: more are 502. */
    public int responseFields() {
        return responseFields;
    }

    /** Returns how much of a request's body is kept, in bytes, so that the request can be repeated. */
    public int replay() {
        return replay;
    }

    /** Returns the longest response with Content-Length that is held until complete, in bytes. */
    public int held() {
        return held;
    }

    /** Returns how much of later requests is taken from a client while one is answered, in bytes. */
    public int pipelined() {
        return pipelined;
    }

    /** Returns the most connections to one instance, a number. */
    public int connectionsPerServer() {
        return connectionsPerServer;
    }

    /**
     * Returns the most connections of clients, a number. Beyond, the one that waits for a request for the longest time is closed
     * and the new one accepted; while none waits for a request, none is accepted. Where the process may open fewer files, the
     * proxy lowers this number when it starts: to half of what is left after 100 files, or after those that are open if they
     * are more; the other half is for connections to servers.
     */
    public int clientConnections() {
        return clientConnections;
    }

    /** Returns these limits with another number of connections of clients. */
    public Limits withClientConnections(int value) {
        Builder builder = new Builder();
        builder.requestLine = requestLine;
        builder.requestHead = requestHead;
        builder.requestFields = requestFields;
        builder.requestBody = requestBody;
        builder.responseHead = responseHead;
        builder.responseFields = responseFields;
        builder.replay = replay;
        builder.held = held;
        builder.pipelined = pipelined;
        builder.connectionsPerServer = connectionsPerServer;
        return builder.clientConnections(value).build();
    }

    /** The limits, at their defaults. Each method refuses a value that is not allowed. Not thread-safe. */
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

        /** Sets the longest request line in bytes, without its line end: a longer one is 414; 64 to 65536, 8192 by default. */
        public Builder requestLine(int value) {
            requestLine = within("requestLine", value, 64, 65536);
            return this;
        }

        /** Sets the longest head of a request in bytes, the request line included: a longer one is 431; 256 to 262144, 16384 by default. */
        public Builder requestHead(int value) {
            requestHead = within("requestHead", value, 256, 262_144);
            return this;
        }

        /** Sets the most fields of a request's head, a number: more are 431; 1 to 1000, 100 by default. */
        public Builder requestFields(int value) {
            requestFields = within("requestFields", value, 1, 1000);
            return this;
        }

        /**
         * Sets the longest body of a request in bytes, 0 or more; no limit by default. A longer body is 413: before a server is asked
         * where Content-Length tells the length, and in the middle of the body where it comes in chunks.
         */
        public Builder requestBody(long value) {
            if (value < 0) {
                throw new IllegalArgumentException("limit requestBody " + value + " is not 0 or more");
            }
            requestBody = OptionalLong.of(value);
            return this;
        }

        /** Sets the longest head of a response in bytes, the status line included: a longer one is 502; 256 to 1048576, 65536 by default. */
        public Builder responseHead(int value) {
            responseHead = within("responseHead", value, 256, 1_048_576);
            return this;
        }

        /** Sets the most fields of a response's head, a number: more are 502; 1 to 1000, 200 by default. */
        public Builder responseFields(int value) {
            responseFields = within("responseFields", value, 1, 1000);
            return this;
        }

        /** Sets how much of a request's body is kept, in bytes, so that the request can be repeated; 0 to 16777216, 65536 by default. */
        public Builder replay(int value) {
            replay = within("replay", value, 0, 16_777_216);
            return this;
        }

        /** Sets the longest response with Content-Length that is held until complete, in bytes; 0 to 1048576, 16384 by default. */
        public Builder held(int value) {
            held = within("held", value, 0, 1_048_576);
            return this;
        }

        /** Sets how much of later requests is taken from a client while one is answered, in bytes; 1024 to 1048576, 16384 by default. */
        public Builder pipelined(int value) {
            pipelined = within("pipelined", value, 1024, 1_048_576);
            return this;
        }

        /** Sets the most connections to one instance, a number; 1 to 65535, 1024 by default. */
        public Builder connectionsPerServer(int value) {
            connectionsPerServer = within("connectionsPerServer", value, 1, 65535);
            return this;
        }

        /** Sets the most connections of clients, a number; 1 to 1000000, 10000 by default. See {@link Limits#clientConnections}. */
        public Builder clientConnections(int value) {
            clientConnections = within("clientConnections", value, 1, 1_000_000);
            return this;
        }

        /** Returns the limits. */
        public Limits build() {
            return new Limits(this);
        }

        private static int within(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(
                        "limit " + name + " " + value + " is not within " + min + " to " + max);
            }
            return value;
        }
    }
}
