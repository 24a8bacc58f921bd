package io.github.lbkit.http.internal.wire;

import java.util.List;

/**
 * The rule which trailers may go on (RFC 9110 6.5.1): none that frames, routes, authenticates or describes the message,
 * because a receiver may merge trailers into the head. Stateless.
 */
public final class Trailers {
    private static final List<String> FORBIDDEN = List.of(
            "age",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-location",
            "content-range",
            "content-type",
            "cookie",
            "expires",
            "location",
            "max-forwards",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "vary",
            "warning",
            "www-authenticate");

    private Trailers() {}

    /** Puts the end of a chunked body: the last chunk, and those of these trailers that may go on. */
    public static void putLastChunk(Head trailers, ByteSink out) {
        out.put((byte) '0').crlf();
        for (int i = 0; i < trailers.fieldCount(); i++) {
            if (mayGoOn(trailers, i)) {
                out.put(trailers.bytes(), trailers.nameStart(i), trailers.lineEnd(i));
            }
        }
        out.crlf();
    }

    /** Whether a trailer may go on. */
    public static boolean mayGoOn(Head trailers, int i) {
        if (trailers.known(i) != FieldName.OTHER) {
            return false;
        }
        for (String name : FORBIDDEN) {
            if (Octets.equalsIgnoreCase(trailers.bytes(), trailers.nameStart(i), trailers.nameEnd(i), name)) {
                return false;
            }
        }
        return true;
    }
}
