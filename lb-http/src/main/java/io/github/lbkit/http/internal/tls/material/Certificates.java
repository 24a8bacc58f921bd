package io.github.lbkit.http.internal.tls.material;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads certificates and revocation lists from PEM files with any number of them, or from a DER file with one.
 * Stateless.
 *
 * <p>Every method throws {@link IllegalArgumentException} with the file, what is wrong, and what is allowed.
 */
public final class Certificates {
    private static final Set<String> CERTIFICATE = Set.of("CERTIFICATE", "X509 CERTIFICATE");
    private static final String REVOCATIONS = "X509 CRL";
    private static final String TRUSTED = "TRUSTED CERTIFICATE";

    private Certificates() {}

    /** Returns the certificates of authorities in a file that was read, at least one. */
    public static List<X509Certificate> authorities(Path path, Contents contents) {
        String file = "file " + path;
        byte[] content = contents.of(path);
        List<X509Certificate> found =
                Pem.isPem(content) ? in(file, Pem.blocks(file, content)) : List.of(certificate(file, content));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " has no certificate; allowed: PEM blocks CERTIFICATE of one or more authorities");
        }
        return found;
    }

    /** Returns the revocation lists in a file that was read, at least one. */
    public static List<X509CRL> revocations(Path path, Contents contents) {
        String file = "file " + path;
        byte[] content = contents.of(path);
        if (!Pem.isPem(content)) {
            return List.of(revocationList(file, content));
        }
        List<X509CRL> found = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(file, content)) {
            if (block.label().equals(REVOCATIONS)) {
                found.add(revocationList(file, block.der()));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(file + " has no revocation list; allowed: PEM blocks " + REVOCATIONS);
        }
        return List.copyOf(found);
    }

    /** Returns the certificates among blocks, maybe none. */
    static List<X509Certificate> in(String file, List<Pem.Block> blocks) {
        List<X509Certificate> found = new ArrayList<>();
        for (Pem.Block block : blocks) {
            if (block.label().equals(TRUSTED)) {
                throw new IllegalArgumentException(
                        file + " has a block " + TRUSTED + ", which only OpenSSL reads; allowed: CERTIFICATE");
            }
            if (CERTIFICATE.contains(block.label())) {
                found.add(certificate(file, block.der()));
            }
        }
        return List.copyOf(found);
    }

    private static X509Certificate certificate(String file, byte[] der) {
        try {
            return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    file + " has a certificate that cannot be read; allowed: X.509 in PEM or DER", e);
        }
    }

    private static X509CRL revocationList(String file, byte[] der) {
        try {
            return (X509CRL) factory().generateCRL(new ByteArrayInputStream(der));
        } catch (CRLException e) {
            throw new IllegalArgumentException(
                    file + " has a revocation list that cannot be read; allowed: X.509 in PEM or DER", e);
        }
    }

    private static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform reads X.509", e);
        }
    }
}
