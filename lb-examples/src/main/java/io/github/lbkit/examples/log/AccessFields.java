package io.github.lbkit.examples.log;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of an access log line as fields. The columns have no blanks, because the writer of the line escapes them.
 */
final class AccessFields {
    /** The logger of the access log. */
    static final String LOGGER = "io.github.lbkit.http.access";

    private static final List<String> COLUMNS = List.of(
            "client",
            "method",
            "target",
            "status",
            "bytes",
            "millis",
            "server",
            "attempts",
            "requestId",
            "ending",
            "clientCertificate");

    /** The number of columns of a line without the last column, which only some lines have. */
    private static final int LEAST = COLUMNS.size() - 1;

    private static final List<String> NUMBERS = List.of("status", "bytes", "millis", "attempts");

    private AccessFields() {}

    /** Returns the fields of a line. An access log line has its columns as fields, without unknown ones. */
    static Map<String, Object> of(LogLine line) {
        if (!line.logger().equals(LOGGER) || !line.fields().isEmpty()) {
            return line.fields();
        }
        String[] columns = line.message().split(" ", -1);
        if (columns.length != LEAST && columns.length != COLUMNS.size()) {
            return line.fields(); // the line about dropped lines
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
