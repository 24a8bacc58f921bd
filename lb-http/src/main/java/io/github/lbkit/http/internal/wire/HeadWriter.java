package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;

/**
 * Writes the head that goes on, from the one that came: hop-by-hop fields and those that Connection lists are out, one
 * framing is in. Lines that stay as they are go over in runs, one copy each. The empty line is left to the caller, who may
 * put fields of its own before it. Stateless.
 */
public final class HeadWriter {
    /** A field line that ends the connection after this message. */
    public static final String CONNECTION_CLOSE = "Connection: close\r\n";

    /** A field line that keeps the connection of an HTTP/1.0 client. */
    public static final String CONNECTION_KEEP_ALIVE = "Connection: keep-alive\r\n";

    private static final byte[] VERSION = ascii("HTTP/1.1");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] TRAILERS = ascii("Connection: TE\r\nTE: trailers\r\n");

    private HeadWriter() {}

    /**
     * Puts a request's head, as HTTP/1.1, without the empty line. An absolute target becomes a path, and its authority the
     * Host; every other Host is kept as it came. A request of HTTP/1.0 that names no host gets the server's authority.
     *
     * @param framing of the body as it goes on: a length, {@link Framing#CHUNKED} or {@link Framing#NONE}
     * @param authority the server's host and port; read only if the request names no host
     */
    public static void writeRequest(
            Head head, long framing, ForwardedFields forwarded, String authority, ByteSink out) {
        byte[] bytes = head.bytes();
        boolean hasLength = false;
        long forwards = MaxForwards.of(head);
        int run = head.start();
        if (head.isAbsoluteForm() || !head.saysHttp11()) {
            requestLine(head, authority, out);
            run = firstLine(head);
        }
        for (int i = 0; i < head.fieldCount(); i++) {
            int known = head.known(i);
            boolean keeps;
            if (known == FieldName.CONTENT_LENGTH) {
                keeps = !hasLength && isCanonicalLength(head, i, framing);
                hasLength |= keeps;
            } else {
                keeps = keepsInRequest(head, i, known, forwarded)
                        && (known != FieldName.MAX_FORWARDS || forwards == MaxForwards.NONE);
            }
            if (!keeps) {
                out.put(bytes, run, head.nameStart(i));
                run = head.lineEnd(i);
            }
        }
        out.put(bytes, run, head.end() - 2);
        if (!hasLength) {
            framing(framing, out);
        }
        if (forwards != MaxForwards.NONE) {
            MaxForwards.put(forwards, out);
        }
        if (Trailers.areTaken(head)) { // the one transfer coding that TE may announce to a server
            out.put(TRAILERS);
        }
        forwarded.put(head, out);
    }

    /**
     * Puts a response's head, as HTTP/1.1, without the empty line.
     *
     * @param framing of the body as it goes on: a length, {@link Framing#CHUNKED}, {@link Framing#TO_CLOSE}, or {@link
     *     Framing#NONE}: then a valid Content-Length that came with an answer to HEAD or with 304 is kept
     */
    public static void writeResponse(Head head, long framing, ByteSink out) {
        byte[] bytes = head.bytes();
        long length = framing == Framing.NONE ? Framing.told(head) : framing;
        boolean hasLength = false;
        int run = head.start();
        if (!head.hasPlainStatusLine()) {
            out.put(VERSION).put((byte) ' ').putDecimal(head.status()).put((byte) ' ');
            out.put(bytes, head.reasonStart(), head.reasonEnd()).crlf();
            run = firstLine(head);
        }
        for (int i = 0; i < head.fieldCount(); i++) {
            int known = head.known(i);
            boolean keeps;
            if (known == FieldName.CONTENT_LENGTH) {
                keeps = !hasLength && isCanonicalLength(head, i, length);
                hasLength |= keeps;
            } else {
                keeps = keepsInResponse(head, i, known);
            }
            if (!keeps) {
                out.put(bytes, run, head.nameStart(i));
                run = head.lineEnd(i);
            }
        }
        out.put(bytes, run, head.end() - 2);
        if (!hasLength) {
            framing(length, out);
        }
    }

    private static void requestLine(Head head, String authority, ByteSink out) {
        byte[] bytes = head.bytes();
        out.put(bytes, head.methodStart(), head.targetStart());
        int path = head.pathStart();
        if (path == head.targetEnd()) {
            out.put((byte) (head.methodIs("OPTIONS") ? '*' : '/'));
        } else if (bytes[path] == '?') {
            out.put((byte) '/');
        }
        out.put(bytes, path, head.targetEnd()).put((byte) ' ').put(VERSION).crlf();
        if (head.isAbsoluteForm()) {
            out.put(HOST).put(bytes, head.authorityStart(), head.authorityEnd()).crlf();
        } else if (!head.namesHost()) {
            out.put(HOST).put(authority).crlf();
        }
    }

    private static int firstLine(Head head) {
        return head.fieldCount() > 0 ? head.nameStart(0) : head.end() - 2;
    }

    private static boolean keepsInRequest(Head head, int i, int known, ForwardedFields forwarded) {
        return switch (known) {
            case FieldName.OTHER, FieldName.DATE -> !ConnectionFields.lists(head, i);
            case FieldName.HOST -> !head.isAbsoluteForm() && head.namesHost();
            case FieldName.PROXY -> false; // a CGI would take it for its HTTP_PROXY
            case FieldName.EXPECT -> head.versionMinor() > 0; // without meaning in HTTP/1.0 (RFC 9110 10.1.1)
            default -> !FieldName.isHopByHop(known) && forwarded.keeps(known);
        };
    }

    private static boolean keepsInResponse(Head head, int i, int known) {
        return !FieldName.isHopByHop(known) && !ConnectionFields.lists(head, i);
    }

    /** Whether the line says this length, as we would write it. */
    private static boolean isCanonicalLength(Head head, int i, long framing) {
        byte[] bytes = head.bytes();
        int from = head.valueStart(i);
        int to = head.valueEnd(i);
        if (framing < 0 || from != head.nameEnd(i) + 2 || to + 2 != head.lineEnd(i)) {
            return false;
        }
        long rest = framing;
        int at = to;
        do {
            at--;
            if (at < from || bytes[at] != '0' + rest % 10) {
                return false;
            }
            rest /= 10;
        } while (rest > 0);
        return at == from;
    }

    private static void framing(long framing, ByteSink out) {
        if (framing >= 0) {
            out.put(LENGTH).putDecimal(framing).crlf();
        } else if (framing == Framing.CHUNKED) {
            out.put(CHUNKED);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
