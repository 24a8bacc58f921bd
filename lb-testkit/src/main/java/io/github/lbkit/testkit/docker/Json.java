package io.github.lbkit.testkit.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as maps, lists, strings, longs, doubles and booleans. A member that is null is left out, as the engine's API makes no
 * difference between the two.
 */
final class Json {
    /** What stands for null where something must stand. */
    static final Object NULL = new Object();

    private Json() {}

    /** An object of these names and values, in this order. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** The value of this text. */
    static Object parse(String text) {
        return new JsonReader(text).document();
    }

    /** The object of this text; an empty one if the text is empty or says null. */
    static Map<String, Object> parseObject(String text) {
        return text.isBlank() ? new LinkedHashMap<>() : asMap(parse(text));
    }

    /** The object at the end of this path; an empty one if there is none. */
    static Map<String, Object> map(Map<String, Object> object, String... path) {
        Map<String, Object> at = object;
        for (String name : path) {
            at = asMap(at.getOrDefault(name, NULL));
        }
        return at;
    }

    /** The list of this name; empty if there is none. */
    static List<Object> list(Map<String, Object> object, String name) {
        return object.get(name) instanceof List<?> found ? new ArrayList<>(found) : List.of();
    }

    /** The text of this name, or the default. */
    static String text(Map<String, Object> object, String name, String otherwise) {
        return object.get(name) instanceof String found ? found : otherwise;
    }

    /** The whole number of this name, or the default. */
    static long number(Map<String, Object> object, String name, long otherwise) {
        return object.get(name) instanceof Number found ? found.longValue() : otherwise;
    }

    /** The members that are strings. */
    static Map<String, String> strings(Map<String, Object> object) {
        Map<String, String> strings = new LinkedHashMap<>();
        object.forEach((name, value) -> {
            if (value instanceof String text) {
                strings.put(name, text);
            }
        });
        return strings;
    }

    /** This value as an object; an empty one if it is none. */
    static Map<String, Object> asMap(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> found) {
            found.forEach((name, member) -> map.put((String) name, member));
        }
        return map;
    }

    /** The text of this value. */
    static String write(Object value) {
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
