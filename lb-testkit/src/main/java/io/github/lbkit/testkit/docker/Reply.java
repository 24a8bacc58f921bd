package io.github.lbkit.testkit.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the engine answers to one call. Immutable. */
final class Reply {
    final int status;
    final String type;
    final byte[] body;
    final Map<String, String> headers;

    /** What is written after the head, chunk by chunk; null for a body that is known. */
    final @Nullable Stream stream;

    /** What must have happened before the head is written; null if nothing. */
    final @Nullable CompletionStage<?> after;

    /** A body that is written as it comes about, on the connection's own thread. */
    interface Stream extends AutoCloseable {
        /** Writes until there is nothing more. */
        void writeTo(ChunkedOutput out) throws IOException, InterruptedException;

        /** The client has gone. */
        @Override
        default void close() {}
    }

    /** Where a stream is written. */
    interface ChunkedOutput {
        /** Writes this as one chunk. */
        void chunk(byte[] bytes) throws IOException, InterruptedException;
    }

    private Reply(
            int status,
            String type,
            byte[] body,
            Map<String, String> headers,
            @Nullable Stream stream,
            @Nullable CompletionStage<?> after) {
        this.status = status;
        this.type = type;
        this.body = body;
        this.headers = headers;
        this.stream = stream;
        this.after = after;
    }

    static Reply json(Object value) {
        return json(200, value);
    }

    static Reply json(int status, Object value) {
        return bytes(status, "application/json", Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    static Reply text(String text) {
        return bytes(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply bytes(int status, String type, byte[] body) {
        return new Reply(status, type, body, Map.of(), null, null);
    }

    static Reply nothing(int status) {
        return bytes(status, "", new byte[0]);
    }

    static Reply error(int status, String message) {
        return json(status, Json.object("message", message));
    }

    static Reply stream(String type, Stream stream) {
        return new Reply(200, type, new byte[0], Map.of(), stream, null);
    }

    /** This reply with a further header. */
    Reply with(String name, String value) {
        return new Reply(status, type, body, Map.of(name, value), stream, after);
    }

    /** This reply, once that has happened. */
    Reply after(CompletionStage<?> event) {
        return new Reply(status, type, body, headers, stream, event);
    }
}
