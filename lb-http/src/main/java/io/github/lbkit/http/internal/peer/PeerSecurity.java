package io.github.lbkit.http.internal.peer;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The TLS state of a client's connection. Immutable. */
public final class PeerSecurity {
    /** The security of a connection without TLS. */
    public static final PeerSecurity PLAIN = new PeerSecurity(false, null);

    /** The security of a connection over TLS whose client has shown no certificate. */
    private static final PeerSecurity ANONYMOUS = new PeerSecurity(true, null);

    private final boolean secure;
    private final @Nullable X509Certificate certificate;
    private final @Nullable String subject;

    private PeerSecurity(boolean secure, @Nullable X509Certificate certificate) {
        this.secure = secure;
        this.certificate = certificate;
        subject = certificate == null ? null : text(certificate.getSubjectX500Principal());
    }

    /** Returns the security of a connection over TLS whose client has shown this certificate; null for none. */
    public static PeerSecurity ofTls(@Nullable X509Certificate verified) {
        return verified == null ? ANONYMOUS : new PeerSecurity(true, verified);
    }

    /** Returns whether the connection is over TLS. */
    public boolean isSecure() {
        return secure;
    }

    /** Returns the verified certificate of the client; null if there is none. */
    public @Nullable X509Certificate certificate() {
        return certificate;
    }

    /** Returns the subject of the certificate as RFC 2253 writes it, in printable ASCII; null if there is none. */
    public @Nullable String subject() {
        return subject;
    }

    /** Writes every byte of the name outside printable ASCII as a backslash and two hexadecimal digits. */
    private static String text(X500Principal name) {
        StringBuilder text = new StringBuilder();
        for (byte b : name.getName(X500Principal.RFC2253).getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f) {
                text.append((char) b);
            } else {
                text.append(String.format("\\%02X", b & 0xff));
            }
        }
        return text.toString();
    }
}
