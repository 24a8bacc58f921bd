package io.github.lbkit.examples.log;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of a line of the access log as fields. Its columns hold no blanks: they are escaped where the line is made. */
final class AccessFields {
    /** The logger of the access log. */
    static final String LOGGER = "io.github.lbkit.http.access";

    private static final List<String> COLUMNS = List.of(
            "client", "method", "target", "status", "bytes", "millis", "server", "attempts", "requestId", "ending");
    private static final List<String> NUMBERS = List.of("status", "bytes", "millis", "attempts");

    private AccessFields() {}

    /** Returns the fields of a line, which for a line of the access log are its columns; what is unknown is left out. */
    static Map<String, Object> of(LogLine line) {
        if (!line.logger().equals(LOGGER) || !line.fields().isEmpty()) {
            return line.fields();
        }
        String[] columns = line.message().split(" ", -1);
        if (columns.length != COLUMNS.size()) {
            return line.fields(); // the line about lines that were dropped
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "request");
        for (int i = 0; i < columns.length; i++) {
            String name = COLUMNS.get(i);
            if (NUMBERS.contains(name) && columns[i].matches("\\d{1,18}")) {
                fields.put(name, Long.parseLong(columns[i]));
            } else if (!columns[i].equals("-")) {
                fields.put(name, columns[i]);
            }
        }
        return fields;
    }
}
