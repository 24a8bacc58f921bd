package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.lbkit.http.LocalResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Responses in JSON, in the shape that every endpoint shares. */
final class Json {
    /** Reads strictly: a key that stands twice is an error. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** Writes the fields of an object that is open. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** A response whose body is one object. */
    static LocalResponse object(int status, Fields fields) {
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

    /** {@code {"message":{…},"status":"successful"}}, or {@code "failure"} from 400 on. */
    static LocalResponse message(int status, Fields message) {
        return object(status, json -> {
            json.writeObjectFieldStart("message");
            message.write(json);
            json.writeEndObject();
            json.writeStringField("status", status < 400 ? "successful" : "failure");
        });
    }

    /** {@code {"message":"<Error> …","status":"failure"}}. */
    static LocalResponse error(int status, String what) {
        return object(status, json -> {
            json.writeStringField("message", "<Error> " + what);
            json.writeStringField("status", "failure");
        });
    }
}
