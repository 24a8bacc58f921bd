package io.github.lbkit.examples.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;

/**
 * The JSON form of log lines: one object with time, level, logger, thread, message, the fields of the event, and {@code
 * error} for an exception. A field with the name of one of these keys gets the suffix {@code _}. Immutable.
 */
final class JsonForm implements LogFormat.Form {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Set<String> RESERVED = Set.of("time", "level", "logger", "thread", "message", "error");

    @Override
    public void append(LogLine line, StringBuilder out) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("time", Times.text(line.millis()));
            json.writeStringField("level", line.level().name());
            json.writeStringField("logger", line.logger());
            json.writeStringField("thread", line.thread());
            json.writeStringField("message", line.message());
            for (Map.Entry<String, Object> field : AccessFields.of(line).entrySet()) {
                json.writeFieldName(RESERVED.contains(field.getKey()) ? field.getKey() + "_" : field.getKey());
                write(json, field.getValue());
            }
            if (line.thrown() != null) {
                write(json, line.thrown());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.append(text.getBuffer()).append('\n');
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number && !number.isNaN() && !number.isInfinite()) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else {
            json.writeString(String.valueOf(value));
        }
    }

    private static void write(JsonGenerator json, Throwable thrown) throws IOException {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        json.writeObjectFieldStart("error");
        json.writeStringField("class", thrown.getClass().getName());
        json.writeStringField("message", String.valueOf(thrown.getMessage()));
        json.writeStringField("stack", stack.toString());
        json.writeEndObject();
    }
}
