package io.github.lbkit.http.internal.tls.material;

import io.github.lbkit.http.TlsCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads identities from PEM and PKCS#12 files. Stateless.
 *
 * <p>Every method throws {@link IllegalArgumentException} with the file, what is wrong, and what is allowed.
 */
public final class Identities {
    private static final int DER_SEQUENCE = 0x30;

    private Identities() {}

    /** Returns the files of a certificate. */
    public static Set<Path> files(TlsCertificate certificate) {
        Set<Path> files = new LinkedHashSet<>();
        files.add(certificate.file());
        certificate.key().ifPresent(files::add);
        certificate.passwords().ifPresent(files::add);
        return files;
    }

    /** Returns the identity in files that were read. */
    public static Identity read(TlsCertificate certificate, Contents contents) {
        List<char[]> passwords = certificate
                .passwords()
                .map(path -> passwords("password file " + path, contents.of(path)))
                .orElse(List.of());
        byte[] content = contents.of(certificate.file());
        String file = "file " + certificate.file();
        if (Pem.isPem(content)) {
            return fromPem(certificate, contents, passwords);
        }
        if (content.length == 0 || (content[0] & 0xff) != DER_SEQUENCE) {
            throw new IllegalArgumentException(file + " is neither PEM nor PKCS#12");
        }
        if (certificate.key().isPresent()) {
            throw new IllegalArgumentException(file + " is not PEM, so its key cannot be in file "
                    + certificate.key().get() + "; allowed: PEM files, or one PKCS#12 file with certificate and key");
        }
        return fromPkcs12(file, content, passwords);
    }

    private static Identity fromPem(TlsCertificate certificate, Contents contents, List<char[]> passwords) {
        String file = "file " + certificate.file();
        List<X509Certificate> chain = Certificates.in(file, Pem.blocks(file, contents.of(certificate.file())));
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(file + " has no certificate; allowed: a PEM block CERTIFICATE");
        }
        Path keyPath = certificate.key().orElse(certificate.file());
        String keyFile = "file " + keyPath;
        List<Pem.Block> keys = Pem.blocks(keyFile, contents.of(keyPath)).stream()
                .filter(block -> PrivateKeys.isKey(block.label()))
                .toList();
        if (keys.size() != 1) {
            throw new IllegalArgumentException(keyFile + " has " + (keys.isEmpty() ? "no" : keys.size())
                    + " private key" + (keys.size() > 1 ? "s" : "") + "; allowed: one, as a PEM block PRIVATE KEY, "
                    + "ENCRYPTED PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY");
        }
        String name = certificate.key().isEmpty() ? file : file + " with key file " + keyPath;
        return Identity.of(name, PrivateKeys.read(keyFile, keys.get(0), passwords), chain);
    }

    private static Identity fromPkcs12(String file, byte[] content, List<char[]> passwords) {
        for (char[] password : passwords.isEmpty() ? List.of(new char[0]) : passwords) {
            Optional<KeyStore> store = opened(content, password);
            if (store.isPresent()) {
                return inStore(file, store.get(), password);
            }
        }
        throw new IllegalArgumentException(file
                + (passwords.isEmpty()
                        ? " is not PKCS#12 without a password; allowed: a PEM file, or PKCS#12 and a password file"
                        : " is not PKCS#12, or none of the " + passwords.size()
                                + " passwords in the password file opens it"));
    }

    private static Optional<KeyStore> opened(byte[] content, char[] password) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            return Optional.of(store);
        } catch (IOException | GeneralSecurityException wrongPassword) {
            return Optional.empty();
        }
    }

    private static Identity inStore(String file, KeyStore store, char[] password) {
        try {
            return onlyIdentity(file, store, password);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    file
                            + " is refused: its private key cannot be read;"
                            + " allowed: one key with the password of the file",
                    e);
        }
    }

    private static Identity onlyIdentity(String file, KeyStore store, char[] password) throws GeneralSecurityException {
        Set<X509Certificate> certificates = new LinkedHashSet<>();
        List<PrivateKey> keys = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.getKey(alias, password) instanceof PrivateKey key) {
                keys.add(key);
                addAll(store.getCertificateChain(alias), certificates);
            } else if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                certificates.add(certificate);
            }
        }
        if (keys.size() != 1) {
            throw new IllegalArgumentException(file + " has " + (keys.isEmpty() ? "no" : keys.size()) + " private key"
                    + (keys.size() > 1 ? "s" : "") + "; allowed: one");
        }
        return Identity.of(file, keys.get(0), certificates);
    }

    private static void addAll(Certificate @Nullable [] chain, Set<X509Certificate> certificates) {
        if (chain != null) {
            for (Certificate each : chain) {
                if (each instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        }
    }

    private static List<char[]> passwords(String file, byte[] content) {
        List<char[]> passwords = new String(content, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isEmpty())
                .map(String::toCharArray)
                .toList();
        if (passwords.isEmpty()) {
            throw new IllegalArgumentException(file + " is empty; allowed: one password in each line");
        }
        return passwords;
    }
}
