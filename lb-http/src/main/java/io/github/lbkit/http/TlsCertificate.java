package io.github.lbkit.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of one certificate with its private key. The files are read when a proxy starts, and again when they
 * change. Immutable.
 *
 * <ul>
 *   <li>PEM: the certificate with the certificates of its issuers, in any order. The key is PKCS#8, plain or encrypted
 *       by PBES2, PKCS#1 (RSA) or SEC1 (EC). It is in the same file or in a file of its own.
 *   <li>PKCS#12: one key with its certificates.
 * </ul>
 *
 * @param file the PEM file with the certificates, or the PKCS#12 file
 * @param key the PEM file with the key; empty if the key is in the first file
 * @param passwords a file with the passwords of the key, one in each line, which are tried in order; empty if the key
 *     is not encrypted
 */
public record TlsCertificate(Path file, Optional<Path> key, Optional<Path> passwords) {
    /** Returns a certificate whose key is in the same file. */
    public static TlsCertificate of(Path file) {
        return new TlsCertificate(file, Optional.empty(), Optional.empty());
    }

    /** Returns a certificate whose key is in a file of its own. */
    public static TlsCertificate of(Path file, Path key) {
        return new TlsCertificate(file, Optional.of(key), Optional.empty());
    }

    /** Returns this certificate with a file of passwords. */
    public TlsCertificate withPasswords(Path value) {
        return new TlsCertificate(file, key, Optional.of(value));
    }
}
