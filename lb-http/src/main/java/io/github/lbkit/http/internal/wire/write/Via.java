package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Octets;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The Via field of one proxy (RFC 9110 7.6.3): the line that the proxy adds, and the rule that refuses a request which
 * passed the same proxy before. Immutable.
 */
public final class Via {
    /** A Via that adds no line and finds no loop. */
    public static final Via NONE = new Via(null);

    private static final int LONGEST = 255;

    private final @Nullable String pseudonym;
    private final byte[] from10;
    private final byte[] from11;

    private Via(@Nullable String pseudonym) {
        this.pseudonym = pseudonym;
        from10 = line("1.0", pseudonym);
        from11 = line("1.1", pseudonym);
    }

    /** Returns the Via of a proxy with this pseudonym. */
    public static Via of(String pseudonym) {
        return new Via(checked(pseudonym));
    }

    /**
     * Returns the pseudonym if it is a token.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static String checked(String pseudonym) {
        byte[] bytes = pseudonym.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0
                || bytes.length > LONGEST
                || Octets.skip(bytes, 0, bytes.length, Octets.TOKEN) < bytes.length) {
            throw new IllegalArgumentException("pseudonym '" + pseudonym.replaceAll("[^!-~]", "?")
                    + "' is not a token of 1 to " + LONGEST + " letters, digits and !#$%&'*+-.^_`|~");
        }
        return pseudonym;
    }

    private static byte[] line(String version, @Nullable String pseudonym) {
        String line = pseudonym == null ? "" : "Via: " + version + " " + pseudonym + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /** Appends the proxy's own line. The lines of earlier proxies are forwarded unchanged. */
    void put(Head request, ByteSink out) {
        out.put(request.versionMinor() == 0 ? from10 : from11);
    }

    /** Refuses a request whose Via lists this proxy, because the request is in a loop. */
    public void check(Head request) throws BadMessageException {
        String own = pseudonym;
        if (own == null) {
            return;
        }
        for (int i = request.find(FieldName.VIA); i >= 0; i = request.findNext(FieldName.VIA, i + 1)) {
            if (lists(request.bytes(), request.valueStart(i), request.valueEnd(i), own)) {
                throw new BadMessageException(508, "a Via that lists this proxy");
            }
        }
    }

    /**
     * Returns whether a Via value lists the pseudonym. Commas within comments count as separators too, so that an
     * unterminated comment does not hide the text after it.
     */
    private static boolean lists(byte[] bytes, int from, int to, String pseudonym) {
        int at = from;
        while (at < to) {
            int protocol = skipBlanks(bytes, at, to);
            int name = skipBlanks(bytes, endOfWord(bytes, protocol, to), to);
            int end = endOfWord(bytes, name, to);
            if (Octets.equalsIgnoreCase(bytes, name, end, pseudonym)) {
                return true;
            }
            at = end;
            while (at < to && bytes[at] != ',') {
                at++;
            }
            at++;
        }
        return false;
    }

    private static int skipBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && Octets.isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private static int endOfWord(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !Octets.isBlank(bytes[at]) && bytes[at] != ',' && bytes[at] != '(') {
            at++;
        }
        return at;
    }
}
