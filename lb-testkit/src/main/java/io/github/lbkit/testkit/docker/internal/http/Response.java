package io.github.lbkit.testkit.docker.internal.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The response to one call. Immutable. */
public final class Response {
    final int status;
    final String type;
    final byte[] body;
    final Map<String, String> headers;

    /** The source of a chunked body; null if {@link #body} is the whole body. */
    final @Nullable Stream stream;

    /** The stage that must complete before the head is written; null if there is none. */
    final @Nullable CompletionStage<?> after;

    /** A chunked body that is written while it is produced, on the thread of the connection. */
    public interface Stream extends AutoCloseable {
        /** Writes the whole body. */
        void writeTo(ChunkedOutput out) throws IOException, InterruptedException;

        /** Releases the stream; called also when the client closes the connection. */
        @Override
        default void close() {}
    }

    /** The output of a chunked body. */
    public interface ChunkedOutput {
        /** Writes one chunk. */
        void chunk(byte[] bytes) throws IOException, InterruptedException;
    }

    private Response(
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

    /** Returns a response of status 200 with a JSON body. */
    public static Response json(Object value) {
        return json(200, value);
    }

    /** Returns a response with a JSON body. */
    public static Response json(int status, Object value) {
        return bytes(status, "application/json", JsonValues.write(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a response of status 200 with a text body. */
    public static Response text(String text) {
        return bytes(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a response with these bytes as its body. */
    public static Response bytes(int status, String type, byte[] body) {
        return new Response(status, type, body, Map.of(), null, null);
    }

    /** Returns a response without body. */
    public static Response empty(int status) {
        return bytes(status, "", new byte[0]);
    }

    /** Returns a response whose body has this error message. */
    public static Response error(int status, String message) {
        return json(status, JsonValues.object("message", message));
    }

    /** Returns a response of status 200 with a chunked body. */
    public static Response stream(String type, Stream stream) {
        return new Response(200, type, new byte[0], Map.of(), stream, null);
    }

    /** Returns this response with a header. */
    public Response withHeader(String name, String value) {
        return new Response(status, type, body, Map.of(name, value), stream, after);
    }

    /** Returns this response, delayed until the stage completes. */
    public Response after(CompletionStage<?> stage) {
        return new Response(status, type, body, headers, stream, stage);
    }
}
