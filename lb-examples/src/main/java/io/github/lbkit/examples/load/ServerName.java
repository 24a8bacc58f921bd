package io.github.lbkit.examples.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The name of the server in a body of the assignment, such as {@code Hello from Server: S1}. Stateless. */
public final class ServerName {
    private static final String MARK = "hello from server";

    private ServerName() {}

    /** Returns the name in the first bytes of a body; empty if there is none. */
    public static Optional<String> in(byte[] body, int length) {
        String text = new String(body, 0, length, StandardCharsets.UTF_8);
        int mark = text.toLowerCase(Locale.ROOT).indexOf(MARK);
        if (mark < 0) {
            return Optional.empty();
        }
        int begin = mark + MARK.length();
        begin += begin < text.length() && text.charAt(begin) == ':' ? 1 : 0;
        int end = begin;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) >= ' ') {
            end++;
        }
        String name = text.substring(begin, end).strip();
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }
}
