package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;

/**
 * What this proxy tells servers about a client: X-Forwarded-For, -Proto and -Host, and X-Request-Id; and about itself: Via. One for each client
 * connection; confined to its thread.
 *
 * <p>What the client itself says of this, {@code Forwarded} and further {@code X-Forwarded-…} too, goes on only if
 * forwarding is trusted, which is for a proxy in front of this one: then X-Forwarded-For grows by the client's address. Else
 * ours replaces it, so that no client can claim another's address.
 */
public final class ForwardedFields {
    private static final byte[] FOR = ascii("X-Forwarded-For: ");
    private static final byte[] PROTO = ascii("X-Forwarded-Proto: ");
    private static final byte[] HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] SEPARATOR = ascii(", ");

    private final byte[] client;
    private final byte[] scheme;
    private final boolean trusted;
    private final Via via;
    private final RequestId id = new RequestId();

    /**
     * The fields for a client.
     *
     * @param clientAddress its IP address, without brackets or zone
     * @param scheme how it came: {@code http} or {@code https}
     * @param trusted whether what it says of clients behind it is kept
     * @param via tells servers of this proxy
     */
    public ForwardedFields(String clientAddress, String scheme, boolean trusted, Via via) {
        this.client = ascii(clientAddress);
        this.scheme = ascii(scheme);
        this.trusted = trusted;
        this.via = via;
    }

    /** The id of the request that the connection is at. To be assigned before the head is written. */
    public RequestId id() {
        return id;
    }

    /** Whether a field of the client's, by its known number, goes on beside ours. */
    boolean keeps(int known) {
        return switch (known) {
            case FieldName.X_FORWARDED_PROTO, FieldName.X_FORWARDED_HOST, FieldName.FORWARDED -> trusted;
            case FieldName.X_FORWARDED_FOR, FieldName.X_REQUEST_ID, FieldName.ALIAS -> false;
            default -> true;
        };
    }

    /** Puts our fields. */
    void put(Head request, ByteSink out) {
        putFor(request, out);
        if (!trusted || request.find(FieldName.X_FORWARDED_PROTO) < 0) {
            out.put(PROTO).put(scheme).crlf();
        }
        if (!trusted || request.find(FieldName.X_FORWARDED_HOST) < 0) {
            putHost(request, out);
        }
        via.put(request, out);
        id.putField(out);
    }

    private void putFor(Head request, ByteSink out) {
        out.put(FOR);
        for (int i = trusted ? request.find(FieldName.X_FORWARDED_FOR) : -1;
                i >= 0;
                i = request.findNext(FieldName.X_FORWARDED_FOR, i + 1)) {
            if (request.valueEnd(i) > request.valueStart(i)) {
                out.put(request.bytes(), request.valueStart(i), request.valueEnd(i))
                        .put(SEPARATOR);
            }
        }
        out.put(client).crlf();
    }

    private static void putHost(Head request, ByteSink out) {
        int host = request.find(FieldName.HOST);
        if (request.isAbsoluteForm()) {
            out.put(HOST)
                    .put(request.bytes(), request.authorityStart(), request.authorityEnd())
                    .crlf();
        } else if (host >= 0 && request.valueEnd(host) > request.valueStart(host)) {
            out.put(HOST)
                    .put(request.bytes(), request.valueStart(host), request.valueEnd(host))
                    .crlf();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
