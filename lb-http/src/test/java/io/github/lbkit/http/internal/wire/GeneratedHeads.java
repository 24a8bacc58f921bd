package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Heads for properties: valid ones, and mutations of valid ones. */
public final class GeneratedHeads {
    private static final String TOKEN_CHARS = "!#$%&'*+-.^_`|~0123456789abcXYZ";
    private static final byte[] TROUBLE =
            "\r\n\t \0:;,#/?*@[]%\"\\=+-_.aZ09\u007f\u0080\u00ff\u000b\u001b".getBytes(StandardCharsets.ISO_8859_1);
    private static final List<String> NAMES = List.of(
            "Accept",
            "Cookie",
            "X-Forwarded-For",
            "x-forwarded-proto",
            "X_Forwarded_Host",
            "X-Request-Id",
            "Keep-Alive",
            "TE",
            "Upgrade",
            "Proxy-Connection",
            "Expect",
            "Date");

    private GeneratedHeads() {}

    public static Arbitrary<String> tokens() {
        return Arbitraries.strings().withChars(TOKEN_CHARS).ofMinLength(1).ofMaxLength(12);
    }

    /** Values as a field may carry them, without outer blanks. */
    public static Arbitrary<String> values() {
        Arbitrary<String> visible = Arbitraries.strings()
                .withCharRange('!', '~')
                .withCharRange('\u0080', '\u00ff')
                .ofMinLength(1)
                .ofMaxLength(20);
        return visible.list()
                .ofMaxSize(3)
                .flatMap(parts -> Arbitraries.of(" ", "\t", "  ").map(separator -> String.join(separator, parts)));
    }

    public static Arbitrary<String> targets() {
        Arbitrary<String> rest = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("/?&=.-_~%20")
                .ofMaxLength(30);
        return rest.map(r -> "/" + r.replace("%", "%41"));
    }

    private static Arbitrary<String> fieldLine() {
        Arbitrary<String> names = Arbitraries.oneOf(
                tokens().filter(t -> !t.equalsIgnoreCase("host") && !t.equalsIgnoreCase("connection")),
                Arbitraries.of(NAMES));
        Arbitrary<String> blanks = Arbitraries.of("", " ", "\t", "  ");
        return Combinators.combine(names, blanks, values(), blanks)
                .as((name, before, value, after) -> name + ":" + before + value + after + "\r\n");
    }

    private static Arbitrary<String> connectionLine() {
        return Arbitraries.of("close", "keep-alive", "Upgrade", "cookie", "accept", "X-Forwarded-For")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(options -> "Connection: " + String.join(", ", options) + "\r\n");
    }

    private static Arbitrary<String> fieldSection(String required) {
        Arbitrary<String> framing = Arbitraries.of(
                "", "", "Content-Length: 5\r\n", "content-length:07 \r\n", "Transfer-Encoding: chunked\r\n");
        return Combinators.combine(
                        fieldLine().list().ofMaxSize(8), connectionLine().optional(0.3), framing)
                .as((lines, connection, length) -> {
                    List<String> all = new ArrayList<>(lines);
                    all.add(lines.size() / 2, required);
                    connection.ifPresent(all::add);
                    all.add(length);
                    return String.join("", all) + "\r\n";
                });
    }

    public static Arbitrary<String> requests() {
        Arbitrary<String> methods = Arbitraries.oneOf(
                Arbitraries.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"),
                tokens().filter(t -> !t.equals("CONNECT")));
        return Combinators.combine(methods, targets(), Arbitraries.of(0, 1), fieldSection("Host: example.org:80\r\n"))
                .as((method, target, minor, fields) -> method + " " + target + " HTTP/1." + minor + "\r\n" + fields);
    }

    public static Arbitrary<String> responses() {
        return Combinators.combine(
                        Arbitraries.integers().between(100, 599),
                        values(),
                        Arbitraries.of(0, 1),
                        fieldSection("Server: s\r\n"))
                .as((status, reason, minor, fields) ->
                        "HTTP/1." + minor + " " + status + " " + reason + "\r\n" + fields);
    }

    /** Some bytes of the message replaced, removed, doubled or added. */
    public static Arbitrary<byte[]> mutated(Arbitrary<String> messages) {
        Arbitrary<Edit> edits = Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, TROUBLE.length - 1),
                        Arbitraries.integers().between(1, 20))
                .as(Edit::new);
        return Combinators.combine(messages, edits.list().ofMinSize(1).ofMaxSize(3))
                .as(Tuple::of)
                .map(both -> {
                    byte[] bytes = Messages.bytes(both.get1());
                    for (Edit edit : both.get2()) {
                        bytes = edit.apply(bytes);
                    }
                    return bytes;
                });
    }

    private enum Kind {
        REPLACE,
        REMOVE,
        DOUBLE,
        ADD
    }

    private record Edit(Kind kind, double where, int trouble, int length) {
        byte[] apply(byte[] bytes) {
            int at = (int) (where * Math.max(0, bytes.length - 1));
            int end = Math.min(bytes.length, at + length);
            String before = Messages.text(bytes, 0, at);
            String rest = Messages.text(bytes, at, bytes.length);
            String added = Messages.text(TROUBLE, trouble, trouble + 1);
            return Messages.bytes(
                    switch (kind) {
                        case REPLACE -> before + added + rest.substring(Math.min(1, rest.length()));
                        case REMOVE -> before + Messages.text(bytes, end, bytes.length);
                        case DOUBLE -> before + Messages.text(bytes, at, end) + rest;
                        case ADD -> before + added + rest;
                    });
        }
    }
}
