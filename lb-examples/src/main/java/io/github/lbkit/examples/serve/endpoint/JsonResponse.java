package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.lbkit.http.LocalResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The JSON responses of all endpoints. Stateless. */
public final class JsonResponse {
    /** A factory whose parsers refuse duplicate keys. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonResponse() {}

    /** A writer of the fields of an object. */
    public interface Fields {
        /** Writes the fields into the open object. */
        void write(JsonGenerator json) throws IOException;
    }

    /** Returns a response whose body is one object. */
    public static LocalResponse object(int status, Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LocalResponse.of(status, "application/json", bytes.toByteArray()).with("Cache-Control", "no-store");
    }

    /** Returns {@code {"message":{…},"status":"successful"}}, with {@code "failure"} for statuses of 400 and above. */
    public static LocalResponse message(int status, Fields message) {
        return object(status, json -> {
            json.writeObjectFieldStart("message");
            message.write(json);
            json.writeEndObject();
            json.writeStringField("status", status < 400 ? "successful" : "failure");
        });
    }

    /** Returns {@code {"message":"<Error> …","status":"failure"}}. */
    public static LocalResponse error(int status, String message) {
        return object(status, json -> {
            json.writeStringField("message", "<Error> " + message);
            json.writeStringField("status", "failure");
        });
    }

    /** Returns a 64-bit value as 16 hexadecimal digits. */
    public static String hex(long value) {
        return String.format("%016x", value);
    }
}
