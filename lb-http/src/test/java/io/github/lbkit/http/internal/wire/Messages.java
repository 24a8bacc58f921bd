package io.github.lbkit.http.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Parsing in tests: whole, cut into parts, and what came of it in words. */
public final class Messages {
    public static final int MAX_LINE = 1000;
    public static final int MAX_HEAD = 4000;
    public static final int MAX_FIELDS = 40;

    private Messages() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    public static HeadParser parser(boolean request) {
        return new HeadParser(request, MAX_LINE, MAX_HEAD, MAX_FIELDS);
    }

    public static Head request(String message) throws BadMessageException {
        return parse(true, message);
    }

    public static Head response(String message) throws BadMessageException {
        return parse(false, message);
    }

    private static Head parse(boolean request, String message) throws BadMessageException {
        HeadParser parser = parser(request);
        byte[] bytes = bytes(message);
        assertThat(parser.parse(bytes, 0, bytes.length)).as("complete").isTrue();
        return parser.head();
    }

    /**
     * What comes of a message that arrives in parts, cut before these positions; each time at another place in memory.
     */
    public static String outcome(boolean request, byte[] message, int... cuts) {
        HeadParser parser = parser(request);
        try {
            for (int part = 0; part <= cuts.length; part++) {
                int arrived = part < cuts.length ? cuts[part] : message.length;
                byte[] memory = new byte[arrived + 7];
                Arrays.fill(memory, (byte) '!');
                int from = part % 5;
                System.arraycopy(message, 0, memory, from, arrived);
                if (parser.parse(memory, from, from + arrived)) {
                    return describe(parser.head(), request, from);
                }
            }
            return "incomplete";
        } catch (BadMessageException e) {
            return e.status() + " " + e.reason();
        }
    }

    /** What comes of a message that arrives byte by byte. */
    public static String trickled(boolean request, byte[] message) {
        int[] cuts = new int[message.length];
        Arrays.setAll(cuts, i -> i);
        return outcome(request, message, cuts);
    }

    /** All that a head says. */
    public static String describe(Head head, boolean request, int from) {
        StringBuilder all = new StringBuilder();
        all.append(head.start() - from).append(" to ").append(head.end() - from);
        if (request) {
            all.append('\n').append(head.method()).append('|').append(head.target());
            all.append('|').append(head.path()).append('|').append(head.query());
            all.append('|').append(text(head.bytes(), head.authorityStart(), head.authorityEnd()));
        } else {
            all.append('\n').append(head.status()).append('|').append(head.reason());
        }
        all.append("|1.").append(head.versionMinor()).append('|').append(ConnectionFields.keepAlive(head));
        for (int i = 0; i < head.fieldCount(); i++) {
            all.append('\n').append(head.name(i)).append('=').append(head.value(i));
            all.append('(').append(head.known(i)).append(')');
            all.append(ConnectionFields.lists(head, i));
        }
        return all.toString();
    }

    public static String content(ByteSink sink) {
        return text(sink.array(), 0, sink.size());
    }
}
