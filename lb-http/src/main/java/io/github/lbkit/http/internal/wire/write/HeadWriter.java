package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.ConnectionFields;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.body.Framing;
import io.github.lbkit.http.internal.wire.body.Trailers;
import java.nio.charset.StandardCharsets;

/**
 * A writer of forwarded heads: removes hop-by-hop fields and the fields that Connection lists, and writes one framing.
 * Unchanged lines are copied in blocks. The caller appends the empty line, and may append fields of its own before it.
 * Stateless.
 */
public final class HeadWriter {
    /** The field line that closes the connection after this message. */
    public static final String CONNECTION_CLOSE = "Connection: close\r\n";

    /** The field line that keeps the connection of an HTTP/1.0 client open. */
    public static final String CONNECTION_KEEP_ALIVE = "Connection: keep-alive\r\n";

    private static final byte[] VERSION = ascii("HTTP/1.1");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] TRAILERS = ascii("Connection: TE\r\nTE: trailers\r\n");

    private HeadWriter() {}

    /**
     * Appends a request's head as HTTP/1.1, without the empty line. An absolute target is replaced by its path, and
     * Host by its authority; every other Host is kept unchanged. An HTTP/1.0 request without a host gets the server's
     * authority.
     *
     * @param framing the framing of the forwarded body: a length, {@link Framing#CHUNKED} or {@link Framing#NONE}
     * @param authority the server's host and port; used only if the request names no host
     */
    public static void writeRequest(
            Head head, long framing, ForwardedFields forwarded, String authority, ByteSink out) {
        byte[] bytes = head.bytes();
        boolean hasLength = false;
        long maxForwards = MaxForwards.of(head);
        int run = head.start();
        if (head.isAbsoluteForm() || !head.isHttp11()) {
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
                        && (known != FieldName.MAX_FORWARDS || maxForwards == MaxForwards.NONE);
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
        if (maxForwards != MaxForwards.NONE) {
            MaxForwards.put(maxForwards, out);
        }
        if (Trailers.areAcceptedBy(head)) { // the only transfer coding that TE may announce to a server
            out.put(TRAILERS);
        }
        forwarded.put(head, out);
    }

    /**
     * Appends a response's head as HTTP/1.1, without the empty line.
     *
     * @param framing the framing of the forwarded body: a length, {@link Framing#CHUNKED}, {@link Framing#TO_CLOSE} or
     *     {@link Framing#NONE}; with NONE, a valid Content-Length of a response to HEAD or of 304 is kept
     */
    public static void writeResponse(Head head, long framing, ByteSink out) {
        byte[] bytes = head.bytes();
        long length = framing == Framing.NONE ? Framing.announcedLength(head) : framing;
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

    /** Appends the fields of a request for other protocols, or of the response that switches to them. */
    public static void writeUpgrade(String protocols, ByteSink out) {
        out.put(UPGRADE).put(protocols).crlf();
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
            case FieldName.OTHER, FieldName.DATE -> !ConnectionFields.lists(head, i) && !forwarded.removes(head, i);
            case FieldName.HOST -> !head.isAbsoluteForm() && head.namesHost();
            case FieldName.PROXY -> false; // a CGI program would use it as HTTP_PROXY
            case FieldName.EXPECT -> head.versionMinor() > 0; // has no meaning in HTTP/1.0 (RFC 9110 10.1.1)
            default -> !FieldName.isHopByHop(known) && forwarded.keeps(known);
        };
    }

    private static boolean keepsInResponse(Head head, int i, int known) {
        return !FieldName.isHopByHop(known) && !ConnectionFields.lists(head, i);
    }

    /** Returns whether the line has this length in the form that this class writes. */
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
