package io.github.lbkit.http.internal.wire;

import java.util.List;

/**
 * The rules which trailers may go on, and to whom (RFC 9110 6.5): none that frames, routes, authenticates or describes the message,
 * because a receiver may merge trailers into the head; those of a response only to a client that takes trailers. Stateless.
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
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "location",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "vary",
            "warning",
            "www-authenticate");

    private Trailers() {}

    /** Returns whether the sender of this request takes trailers of a response: whether one of its TE fields lists {@code trailers}. */
    public static boolean areTaken(Head request) {
        for (int i = request.find(FieldName.TE); i >= 0; i = request.findNext(FieldName.TE, i + 1)) {
            if (lists(request.bytes(), request.valueStart(i), request.valueEnd(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean lists(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to) {
            int end = start;
            while (end < to && bytes[end] != ',') {
                end++;
            }
            int first = start;
            int last = end;
            while (first < last && Octets.isBlank(bytes[first])) {
                first++;
            }
            while (last > first && Octets.isBlank(bytes[last - 1])) {
                last--;
            }
            if (Octets.equalsIgnoreCase(bytes, first, last, "trailers")) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

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
