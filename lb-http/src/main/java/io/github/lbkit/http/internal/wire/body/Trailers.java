package io.github.lbkit.http.internal.wire.body;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Octets;
import java.util.List;

/**
 * The rules for forwarding trailers (RFC 9110 6.5). Trailers that frame, route, authenticate or describe the message
 * are dropped, because a receiver may merge trailers into the head. The trailers of a response are forwarded only to
 * clients that accept trailers. Stateless.
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

    /**
     * Returns whether the sender of a request accepts trailers in the response: one of its TE fields lists
     * {@code trailers}.
     */
    public static boolean areAcceptedBy(Head request) {
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

    /** Appends the end of a chunked body: the last chunk, and the trailers that may be forwarded. */
    public static void putLastChunk(Head trailers, ByteSink out) {
        out.put((byte) '0').crlf();
        for (int i = 0; i < trailers.fieldCount(); i++) {
            if (mayForward(trailers, i)) {
                out.put(trailers.bytes(), trailers.nameStart(i), trailers.lineEnd(i));
            }
        }
        out.crlf();
    }

    /** Returns whether a trailer may be forwarded. */
    public static boolean mayForward(Head trailers, int i) {
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
