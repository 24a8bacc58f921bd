package io.github.lbkit.testkit.docker.internal.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON values as maps, lists, strings, longs, doubles and booleans. A member whose value is null is dropped: the
 * engine's API treats null and absent alike.
 */
public final class JsonValues {
    /** The value of JSON null in a list, or where {@link #write} must write it. */
    public static final Object NULL = new Object();

    private JsonValues() {}

    /** Returns an object of these names and values, in this order. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** Parses a JSON text. */
    public static Object parse(String text) {
        return new JsonReader(text).document();
    }

    /** Parses a JSON object; empty if the text is blank or null. */
    public static Map<String, Object> parseObject(String text) {
        return text.isBlank() ? new LinkedHashMap<>() : asMap(parse(text));
    }

    /** Returns the object at the end of a path of names; empty if there is none. */
    public static Map<String, Object> map(Map<String, Object> object, String... path) {
        Map<String, Object> at = object;
        for (String name : path) {
            at = asMap(at.getOrDefault(name, NULL));
        }
        return at;
    }

    /** Returns the list of this name; empty if there is none. */
    public static List<Object> list(Map<String, Object> object, String name) {
        return object.get(name) instanceof List<?> found ? new ArrayList<>(found) : List.of();
    }

    /** Returns the string of this name, or the default. */
    public static String text(Map<String, Object> object, String name, String defaultValue) {
        return object.get(name) instanceof String found ? found : defaultValue;
    }

    /** Returns the integer of this name, or the default. */
    public static long number(Map<String, Object> object, String name, long defaultValue) {
        return object.get(name) instanceof Number found ? found.longValue() : defaultValue;
    }

    /** Returns the members of an object that are strings. */
    public static Map<String, String> strings(Map<String, Object> object) {
        Map<String, String> strings = new LinkedHashMap<>();
        object.forEach((name, value) -> {
            if (value instanceof String text) {
                strings.put(name, text);
            }
        });
        return strings;
    }

    /** Returns this value as an object; empty if it is not an object. */
    public static Map<String, Object> asMap(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> found) {
            found.forEach((name, member) -> map.put((String) name, member));
        }
        return map;
    }

    /** Writes a value as JSON text. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            String comma = "";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(comma);
                quote((String) member.getKey(), out);
                out.append(':');
                write(member.getValue(), out);
                comma = ",";
            }
            out.append('}');
        } else if (value instanceof Iterable<?> list) {
            out.append('[');
            String comma = "";
            for (Object one : list) {
                out.append(comma);
                write(one, out);
                comma = ",";
            }
            out.append(']');
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value == NULL) {
            out.append("null");
        } else {
            quote(value.toString(), out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
