package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The field that names the verified certificate of a client to servers. A client's own field of this name is always
 * removed, also one with {@code _} in place of {@code -}. Immutable.
 */
public final class CertificateField {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final byte[] name;
    private final byte[] lowerCase;

    private CertificateField(String name) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
        lowerCase = name.toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Returns the field with this name.
     *
     * @throws IllegalArgumentException if the name is not a token, or a field that the proxy treats in another way
     */
    public static CertificateField of(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        if (!TOKEN.matcher(name).matches() || FieldName.of(bytes, 0, bytes.length) != FieldName.OTHER) {
            throw new IllegalArgumentException("client certificate header '" + name
                    + "' is not a field name such as X-Client-Certificate, or is a field that the proxy sets itself");
        }
        return new CertificateField(name);
    }

    /** Returns whether a line of a request has this name. */
    boolean isNameOf(Head head, int line) {
        int from = head.nameStart(line);
        if (head.nameEnd(line) - from != lowerCase.length) {
            return false;
        }
        byte[] bytes = head.bytes();
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = bytes[from + i];
            int lower = b == '_' ? '-' : b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Appends the field line. */
    void put(String subject, ByteSink out) {
        out.put(name).put((byte) ':').put((byte) ' ').put(subject).crlf();
    }
}
