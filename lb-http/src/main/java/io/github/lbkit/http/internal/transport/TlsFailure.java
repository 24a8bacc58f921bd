package io.github.lbkit.http.internal.transport;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A failure of TLS, whose message explains the reason as a clause about the peer. */
public final class TlsFailure extends SSLException {
    private static final long serialVersionUID = 1;
    private static final String ALERT_REASON = "it sent the TLS alert ";
    private static final String BAD_NAME = "Illegal server name";
    private static final String ALERT = "Received fatal alert: ";
    private static final Pattern NOT_TLS = Pattern.compile("(Unsupported or u|U)nrecognized SSL message");

    TlsFailure(String reason) {
        super(reason);
    }

    /** Returns the reason of a failure of TLS, as a clause about the peer. */
    public static String reasonOf(Throwable failure) {
        return of(failure).reason();
    }

    private TlsFailure(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** Returns whether the peer has ended the connection by an alert. */
    public boolean isAlert() {
        return reason().startsWith(ALERT_REASON);
    }

    /** Returns a failure with this cause. */
    static TlsFailure of(Throwable cause) {
        return cause instanceof TlsFailure same ? same : new TlsFailure(reason(cause), cause);
    }

    /** Returns the reason; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    private static String reason(Throwable thrown) {
        String ofCertificate = null;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String found = ofCertificate(cause);
            ofCertificate = found == null ? ofCertificate : found; // the innermost cause is the most exact
        }
        if (ofCertificate != null) {
            return ofCertificate;
        }
        String message = String.valueOf(thrown.getMessage());
        if (message.startsWith(ALERT)) {
            return ALERT_REASON + message.substring(ALERT.length());
        }
        if (message.startsWith(BAD_NAME)) {
            return "it asked for a server name that the JDK refuses: " + message;
        }
        return NOT_TLS.matcher(message).lookingAt() ? "it does not speak TLS on this port" : message;
    }

    private static @Nullable String ofCertificate(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof CertificateExpiredException) {
            return "its certificate has expired: " + message;
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "its certificate is not valid yet: " + message;
        }
        if (cause instanceof CertificateRevokedException) {
            return "its certificate is revoked: " + message;
        }
        if (cause instanceof CertPathBuilderException) {
            return "no trusted authority has issued its certificate";
        }
        if (cause instanceof CertPathValidatorException) {
            return "its certificate chain is not valid: " + message;
        }
        if (cause instanceof CertificateException && message.startsWith("No ")) {
            return "its certificate is for another host: " + message;
        }
        return null;
    }
}
