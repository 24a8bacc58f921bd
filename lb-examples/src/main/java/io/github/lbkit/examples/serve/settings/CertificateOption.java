package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.TlsCertificate;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The form {@code CERT[:KEY]} of options for a certificate. Stateless. */
final class CertificateOption {
    static final String FORM = "CERT[:KEY]";

    /** A colon that does not follow the letter of a drive. */
    private static final Pattern SEPARATOR = Pattern.compile(":(?!\\\\)");

    private CertificateOption() {}

    /** Returns the files of a certificate; refuses text that is not of the form. */
    static TlsCertificate parse(String option, String text, Optional<Path> passwords) {
        String[] parts = SEPARATOR.split(text.strip(), -1);
        if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
            throw new SettingException(
                    option, text, FORM + ": a PEM file with certificate and key, two PEM files, or a PKCS#12 file");
        }
        Path certificate = Path.of(parts[0]);
        return new TlsCertificate(
                certificate, parts.length == 1 ? Optional.empty() : Optional.of(Path.of(parts[1])), passwords);
    }
}
