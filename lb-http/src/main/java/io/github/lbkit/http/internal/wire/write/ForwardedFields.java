package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields that the proxy adds for servers: X-Forwarded-For, -Proto and -Host, X-Request-Id and Via. One object for
 * each client connection; confined to its thread.
 *
 * <p>The client's own fields of this kind, including {@code Forwarded} and further {@code X-Forwarded-…}, are forwarded
 * only if forwarding is trusted, for example behind another proxy. X-Forwarded-For is then extended by the client's
 * address. Otherwise the proxy replaces these fields, so that no client can claim the address of another.
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

    /** The field for the client's certificate; null if servers get none. */
    private final @Nullable CertificateField certificateField;

    /** The subject of the client's certificate; null if it has none. */
    private @Nullable String certificateSubject;

    /**
     * Creates the fields of a client.
     *
     * @param clientAddress the client's IP address, without brackets or zone
     * @param scheme the scheme of the client's connection: {@code http} or {@code https}
     * @param trusted whether the client's own forwarding fields are kept
     * @param via the Via field of the proxy
     */
    public ForwardedFields(String clientAddress, String scheme, boolean trusted, Via via) {
        this(clientAddress, scheme, trusted, via, null);
    }

    /**
     * Creates the fields of a client.
     *
     * @param clientAddress the client's IP address, without brackets or zone
     * @param scheme the scheme of the client's connection: {@code http} or {@code https}
     * @param trusted whether the client's own forwarding fields are kept
     * @param via the Via field of the proxy
     * @param certificateField the field for the client's certificate; null if servers get none
     */
    public ForwardedFields(
            String clientAddress,
            String scheme,
            boolean trusted,
            Via via,
            @Nullable CertificateField certificateField) {
        this.client = ascii(clientAddress);
        this.scheme = ascii(scheme);
        this.trusted = trusted;
        this.via = via;
        this.certificateField = certificateField;
    }

    /** Sets the subject of the client's certificate. */
    public void certificateSubject(String subject) {
        certificateSubject = subject;
    }

    /** Returns whether a client's field is removed because the proxy alone may set it. */
    boolean removes(Head request, int line) {
        return certificateField != null && certificateField.isNameOf(request, line);
    }

    /** Returns the id of the current request. It must be assigned before the head is written. */
    public RequestId id() {
        return id;
    }

    /** Returns whether a client's field, by its number in {@link FieldName}, is forwarded beside the proxy's fields. */
    boolean keeps(int known) {
        return switch (known) {
            case FieldName.X_FORWARDED_PROTO, FieldName.X_FORWARDED_HOST, FieldName.FORWARDED -> trusted;
            case FieldName.X_FORWARDED_FOR, FieldName.X_REQUEST_ID, FieldName.ALIAS -> false;
            default -> true;
        };
    }

    /** Appends the proxy's fields. */
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
        if (certificateField != null && certificateSubject != null) {
            certificateField.put(certificateSubject, out);
        }
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
