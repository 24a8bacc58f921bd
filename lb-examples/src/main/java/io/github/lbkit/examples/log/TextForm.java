package io.github.lbkit.examples.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * The text form of log lines. Further lines of a message begin with a tab, and other control characters are escaped, so
 * that text from outside cannot look like a log line. Immutable.
 */
final class TextForm implements LogFormat.Form {
    private static final String EVENT = "event";

    @Override
    public void append(LogLine line, StringBuilder out) {
        out.append(Times.text(line.millis())).append(' ').append(line.level()).append(' ');
        out.append(
                line.logger(), line.logger().lastIndexOf('.') + 1, line.logger().length());
        out.append(" - ");
        appendVisible(line.message(), out);
        for (Map.Entry<String, Object> field : line.fields().entrySet()) {
            String value = String.valueOf(field.getValue());
            if (!field.getKey().equals(EVENT) && !line.message().contains(value)) {
                out.append(' ').append(field.getKey()).append('=');
                appendVisible(value, out);
            }
        }
        out.append('\n');
        if (line.thrown() != null) {
            StringWriter stack = new StringWriter();
            line.thrown().printStackTrace(new PrintWriter(stack));
            out.append('\t');
            appendVisible(stack.toString().stripTrailing(), out);
            out.append('\n');
        }
    }

    private static void appendVisible(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                out.append("\n\t");
            } else if (c == '\t' || !Character.isISOControl(c)) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
    }
}
