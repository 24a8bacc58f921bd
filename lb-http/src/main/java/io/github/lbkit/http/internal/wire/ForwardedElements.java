package io.github.lbkit.http.internal.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one {@code Forwarded} field (RFC 7239, section 4), from the last to the first. The last elements are
 * those of the nearest proxies. They are found whatever a client has written before them: an element that breaks the
 * grammar ends the iteration. Confined to one thread.
 */
public final class ForwardedElements {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern PAIR = Pattern.compile(
            "(" + TOKEN + ")=(?:(" + TOKEN + ")|\"((?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*)\")");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)", Pattern.DOTALL);

    private final String value;

    /** The position of the comma before the current element; the end of the value before the first call. */
    private int comma;

    private int start;
    private @Nullable String node;

    /** Creates an iterator before the last element of a field value. */
    public ForwardedElements(String value) {
        this.value = value;
        comma = value.length();
        start = comma;
    }

    /**
     * Moves to the element before the current one. Empty elements are passed over.
     *
     * @return false if there is none, or if it breaks the grammar
     */
    public boolean previous() {
        while (comma >= 0) {
            int end = comma;
            int before = commaBefore(end);
            String element = value.substring(before + 1, end).strip();
            if (!element.isEmpty() && !parse(element)) {
                return false;
            }
            comma = before;
            if (!element.isEmpty()) {
                start = before + 1;
                return true;
            }
        }
        return false;
    }

    /** Returns the node of {@code for=} in the current element, without quotes; null if there is none. */
    public @Nullable String node() {
        return node;
    }

    /** Returns whether all elements were passed, so that none breaks the grammar. */
    public boolean isAtBeginning() {
        return comma < 0;
    }

    /** Returns the position of the current element, and of the blanks before it; the end before the first. */
    public int start() {
        return start;
    }

    /** Returns the position of the comma before this position that is in no quoted string; −1 if there is none. */
    private int commaBefore(int end) {
        boolean quoted = false;
        for (int i = end - 1; i >= 0; i--) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted || isEscaped(i);
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private boolean isEscaped(int at) {
        int before = at - 1;
        while (before >= 0 && value.charAt(before) == '\\') {
            before--;
        }
        return (at - 1 - before) % 2 == 1;
    }

    /** Parses an element of pairs between semicolons. Returns false if it breaks the grammar. */
    private boolean parse(String element) {
        node = null;
        Matcher pair = PAIR.matcher(element);
        int at = 0;
        while (at < element.length()) {
            if (element.charAt(at) == ';') {
                at++;
                continue;
            }
            if (!pair.region(at, element.length()).lookingAt()
                    || (pair.end() < element.length() && element.charAt(pair.end()) != ';')) {
                return false;
            }
            if (pair.group(1).equalsIgnoreCase("for")) {
                if (node != null) {
                    return false; // a parameter must not occur twice
                }
                String token = pair.group(2);
                node = token == null ? ESCAPE.matcher(pair.group(3)).replaceAll("$1") : token;
            }
            at = pair.end();
        }
        return true;
    }
}
