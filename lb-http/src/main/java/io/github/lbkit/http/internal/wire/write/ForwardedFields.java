package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.ForwardedStyle;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.ForwardedElements;
import io.github.lbkit.http.internal.wire.Head;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields that the proxy adds for servers: X-Forwarded-For, -Proto and -Host, or Forwarded, or both, X-Request-Id
 * and Via. One object for each client connection; confined to its thread.
 *
 * <p>The client's own fields of this kind, including further {@code X-Forwarded-…}, are forwarded only if forwarding is
 * trusted, for example behind another proxy. X-Forwarded-For and Forwarded are then extended by the client's address.
 * Otherwise the proxy replaces these fields, so that no client can claim the address of another. Where the proxy writes
 * only Forwarded, it drops the other fields in any case: they would lack the last hop.
 */
public final class ForwardedFields {
    private static final byte[] FOR = ascii("X-Forwarded-For: ");
    private static final byte[] PROTO = ascii("X-Forwarded-Proto: ");
    private static final byte[] HOST = ascii("X-Forwarded-Host: ");
    private static final byte[] FORWARDED = ascii("Forwarded: ");
    private static final byte[] FORWARDED_HOST = ascii(";host=\"");
    private static final byte[] SEPARATOR = ascii(", ");

    private final byte[] client;
    private final byte[] scheme;
    private final boolean trusted;
    private final ForwardedStyle style;

    /** The parameters of this proxy's element of Forwarded, without the host. */
    private final byte[] element;

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
     * @param style the fields that the proxy writes
     * @param via the Via field of the proxy
     */
    public ForwardedFields(String clientAddress, String scheme, boolean trusted, ForwardedStyle style, Via via) {
        this(clientAddress, scheme, trusted, style, via, null);
    }

    /**
     * Creates the fields of a client.
     *
     * @param clientAddress the client's IP address, without brackets or zone
     * @param scheme the scheme of the client's connection: {@code http} or {@code https}
     * @param trusted whether the client's own forwarding fields are kept
     * @param style the fields that the proxy writes
     * @param via the Via field of the proxy
     * @param certificateField the field for the client's certificate; null if servers get none
     */
    public ForwardedFields(
            String clientAddress,
            String scheme,
            boolean trusted,
            ForwardedStyle style,
            Via via,
            @Nullable CertificateField certificateField) {
        this.client = ascii(clientAddress);
        this.scheme = ascii(scheme);
        this.trusted = trusted;
        this.style = style;
        boolean isV6 = clientAddress.indexOf(':') >= 0;
        this.element = ascii("for=" + (isV6 ? "\"[" + clientAddress + "]\"" : clientAddress) + ";proto=" + scheme);
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
            case FieldName.X_FORWARDED_PROTO, FieldName.X_FORWARDED_HOST, FieldName.X_FORWARDED_OTHER ->
                trusted && style.writesXForwarded();
            case FieldName.FORWARDED -> trusted && !style.writesForwarded();
            case FieldName.X_FORWARDED_FOR, FieldName.X_REQUEST_ID, FieldName.ALIAS -> false;
            default -> true;
        };
    }

    /** Appends the proxy's fields. */
    void put(Head request, ByteSink out) {
        if (style.writesXForwarded()) {
            putXForwarded(request, out);
        }
        if (style.writesForwarded()) {
            putForwarded(request, out);
        }
        via.put(request, out);
        id.putField(out);
        if (certificateField != null && certificateSubject != null) {
            certificateField.put(certificateSubject, out);
        }
    }

    private void putXForwarded(Head request, ByteSink out) {
        putFor(request, out);
        if (!trusted || request.find(FieldName.X_FORWARDED_PROTO) < 0) {
            out.put(PROTO).put(scheme).crlf();
        }
        if ((!trusted || request.find(FieldName.X_FORWARDED_HOST) < 0) && hasHost(request)) {
            out.put(HOST);
            putHost(request, out);
            out.crlf();
        }
    }

    private void putForwarded(Head request, ByteSink out) {
        out.put(FORWARDED);
        for (int i = trusted ? request.find(FieldName.FORWARDED) : -1;
                i >= 0;
                i = request.findNext(FieldName.FORWARDED, i + 1)) {
            String elements = wellFormed(request.value(i));
            if (!elements.isEmpty()) {
                out.put(elements).put(SEPARATOR);
            }
        }
        out.put(element);
        if (hasHost(request)) {
            out.put(FORWARDED_HOST); // quoted, because the host may contain a colon
            putHost(request, out);
            out.put((byte) '"');
        }
        out.crlf();
    }

    /** Returns the last elements that keep the grammar. An open quote of a client would hide the elements after it. */
    private static String wellFormed(String value) {
        ForwardedElements elements = new ForwardedElements(value);
        while (elements.previous()) {}
        return value.substring(elements.start()).strip();
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

    private static boolean hasHost(Head request) {
        int host = request.find(FieldName.HOST);
        return request.isAbsoluteForm() || (host >= 0 && request.valueEnd(host) > request.valueStart(host));
    }

    private static void putHost(Head request, ByteSink out) {
        if (request.isAbsoluteForm()) {
            out.put(request.bytes(), request.authorityStart(), request.authorityEnd());
        } else {
            int host = request.find(FieldName.HOST);
            out.put(request.bytes(), request.valueStart(host), request.valueEnd(host));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
