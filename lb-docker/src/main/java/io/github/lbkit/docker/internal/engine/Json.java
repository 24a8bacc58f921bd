package io.github.lbkit.docker.internal.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value or its absence. A value that is missing, null or of another type than requested is absent and never an
 * error, since engines of different versions add and omit fields. Immutable if the maps and lists that it was created
 * from are not modified.
 */
public final class Json {
    /** The absent value. */
    public static final Json ABSENT = new Json(Absent.NULL);

    private static final JsonFactory FACTORY = new JsonFactory();

    /** The representation of null in maps and lists. */
    private enum Absent {
        NULL
    }

    private final Object value;

    private Json(Object value) {
        this.value = value;
    }

    /** Parses a text. */
    public static Json parse(byte[] text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return parser.nextToken() == null ? ABSENT : new Json(read(parser));
        }
    }

    /** Parses a text. */
    public static Json parse(String text) throws IOException {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the JSON form of a map with string keys, a list, a string, a number, a boolean or another {@code Json}.
     */
    public static Json of(Object value) {
        return value instanceof Json json ? json : new Json(value);
    }

    private static Object read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (String name; (name = parser.nextFieldName()) != null; ) {
                parser.nextToken();
                object.put(name, read(parser));
            }
            return object;
        } else if (token == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(read(parser));
            }
            return array;
        } else if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? (Object) parser.getBigIntegerValue()
                    : (Object) parser.getLongValue();
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getDoubleValue();
        } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return parser.getBooleanValue();
        }
        return Absent.NULL;
    }

    /** Returns the value at a path of field names. */
    public Json at(String... path) {
        Json current = this;
        for (String name : path) {
            Object next = current.value instanceof Map<?, ?> object ? object.get(name) : null;
            current = next == null ? ABSENT : of(next);
        }
        return current;
    }

    /** Returns true if the value is not absent. */
    public boolean isPresent() {
        return value != Absent.NULL;
    }

    /** Returns the string; empty if the value is no string. */
    public Optional<String> text() {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Returns the string, or {@code other} if the value is no string. */
    public String text(String other) {
        return text().orElse(other);
    }

    /** Returns the number, or {@code other} if the value is no number. */
    public long number(long other) {
        return value instanceof Number number ? number.longValue() : other;
    }

    /** Returns the boolean, or {@code other} if the value is no boolean. */
    public boolean bool(boolean other) {
        return value instanceof Boolean truth ? truth : other;
    }

    /** Returns the elements; none if the value is no array. */
    public List<Json> elements() {
        List<Json> elements = new ArrayList<>();
        if (value instanceof List<?> array) {
            array.forEach(element -> elements.add(of(element)));
        }
        return elements;
    }

    /** Returns the fields by name, in order; none if the value is no object. */
    public Map<String, Json> fields() {
        Map<String, Json> fields = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, field) -> fields.put(String.valueOf(name), of(field)));
        }
        return fields;
    }

    /** Returns the fields that are strings by name, in order. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        fields().forEach((name, field) -> field.text().ifPresent(text -> texts.put(name, text)));
        return texts;
    }

    /** Returns this object with another value at a path of field names; missing objects on the path are added. */
    public Json with(Object newValue, String... path) {
        return new Json(put(value, newValue, path, 0));
    }

    private static Object put(Object into, Object newValue, String[] path, int depth) {
        if (depth == path.length) {
            return newValue;
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        if (into instanceof Map<?, ?> object) {
            object.forEach((name, field) -> copy.put(String.valueOf(name), field));
        }
        copy.put(path[depth], put(copy.getOrDefault(path[depth], Absent.NULL), newValue, path, depth + 1));
        return copy;
    }

    /** Returns the UTF-8 bytes of the JSON text. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
            write(value, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(Object value, JsonGenerator to) throws IOException {
        if (value instanceof Json json) {
            write(json.value, to);
        } else if (value instanceof Map<?, ?> object) {
            to.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                to.writeFieldName(String.valueOf(field.getKey()));
                write(field.getValue(), to);
            }
            to.writeEndObject();
        } else if (value instanceof Iterable<?> array) {
            to.writeStartArray();
            for (Object element : array) {
                write(element, to);
            }
            to.writeEndArray();
        } else if (value instanceof Boolean truth) {
            to.writeBoolean(truth);
        } else if (value instanceof Double || value instanceof Float) {
            to.writeNumber(((Number) value).doubleValue());
        } else if (value instanceof Number number) {
            to.writeNumber(number.toString());
        } else if (value == Absent.NULL) {
            to.writeNull();
        } else {
            to.writeString(String.valueOf(value));
        }
    }

    @Override
    public String toString() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }
}
