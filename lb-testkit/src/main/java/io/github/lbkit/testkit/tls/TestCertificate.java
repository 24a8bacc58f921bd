package io.github.lbkit.testkit.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * A certificate with its key. Immutable.
 *
 * @param chain the certificate, followed by those of its issuers up to the root
 */
public record TestCertificate(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the list. */
    public TestCertificate {
        chain = List.copyOf(chain);
    }

    /** The certificate of the key. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** Returns the certificate and those of its issuers as PEM, without the root. */
    public String certificatePem() {
        return chain.stream()
                .limit(Math.max(1, chain.size() - 1L))
                .map(PemText::of)
                .collect(Collectors.joining());
    }

    /** Returns the key as PEM, in PKCS#8. */
    public String keyPem() {
        return PemText.block("PRIVATE KEY", key.getEncoded());
    }

    /** Writes the certificates and the key to one PEM file; returns the file. */
    public Path write(Path file) throws IOException {
        return Files.writeString(file, certificatePem() + keyPem());
    }

    /** Writes the certificates to one PEM file and the key to another. */
    public void write(Path certificateFile, Path keyFile) throws IOException {
        Files.writeString(certificateFile, certificatePem());
        Files.writeString(keyFile, keyPem());
    }

    /** Returns a context of a server with this certificate, which asks clients for none. */
    public SSLContext context() {
        return TestContexts.of(this);
    }
}
