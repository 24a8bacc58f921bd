package io.github.lbkit.http.internal.tls.material;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A private key and its certificate with those of its issuers. Compared by identity. Immutable.
 */
public final class Identity {
    private static final int DNS_NAME = 2;
    private static final byte[] PROBE =
            "the key belongs to the certificate".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final String file;
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final Set<String> names;

    private Identity(String file, PrivateKey key, List<X509Certificate> chain, Set<String> names) {
        this.file = file;
        this.key = key;
        this.chain = chain;
        this.names = names;
    }

    /**
     * Returns the identity of a key. The certificate of the key comes first, then those of its issuers, as far as they
     * are there. Other certificates are left out.
     *
     * @param file the name of the file with the certificates, for messages
     * @param certificates the certificates in any order
     * @throws IllegalArgumentException if no certificate has the public key of this private key; the message names the
     *     certificates
     */
    static Identity of(String file, PrivateKey key, Collection<X509Certificate> certificates) {
        X509Certificate leaf = certificates.stream()
                .filter(each -> isPair(key, each.getPublicKey()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(file + " is refused: its private key ("
                        + key.getAlgorithm() + ") does not belong to any certificate: " + subjects(certificates)));
        List<X509Certificate> chain = chain(leaf, certificates);
        return new Identity(file, key, chain, names(leaf));
    }

    private static String subjects(Collection<X509Certificate> certificates) {
        Set<String> subjects = new TreeSet<>();
        certificates.forEach(each -> subjects.add(
                each.getSubjectX500Principal() + " (" + each.getPublicKey().getAlgorithm() + ")"));
        return String.join("; ", subjects);
    }

    /** Returns the certificates from the leaf up; a self-signed authority at the end stays as it is in the file. */
    private static List<X509Certificate> chain(X509Certificate leaf, Collection<X509Certificate> certificates) {
        Set<X509Certificate> chain = new LinkedHashSet<>();
        for (X509Certificate next = leaf; next != null && chain.add(next); ) {
            next = issuer(next, certificates);
        }
        return List.copyOf(chain);
    }

    private static @Nullable X509Certificate issuer(X509Certificate of, Collection<X509Certificate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
                .filter(candidate -> isSignedBy(of, candidate))
                .findFirst()
                .orElse(null);
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException otherKey) {
            return false;
        }
    }

    private static boolean isPair(PrivateKey key, PublicKey publicKey) {
        if (key instanceof RSAKey rsa) {
            return publicKey instanceof RSAKey other && rsa.getModulus().equals(other.getModulus());
        }
        if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm();
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns the DNS names of a certificate; its common name if it has no subject alternative names. */
    private static Set<String> names(X509Certificate leaf) {
        Collection<List<?>> alternatives;
        try {
            alternatives = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            alternatives = null;
        }
        Set<String> names = new LinkedHashSet<>();
        if (alternatives == null) {
            String common = commonName(leaf.getSubjectX500Principal());
            if (common != null) {
                names.add(common.toLowerCase(Locale.ROOT));
            }
        } else {
            for (List<?> alternative : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return Set.copyOf(names);
    }

    private static @Nullable String commonName(X500Principal subject) {
        try {
            for (Rdn part : new LdapName(subject.getName(X500Principal.RFC2253, Map.of())).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException e) {
            return null;
        }
        return null;
    }

    /** The name of the file with the certificates. */
    public String file() {
        return file;
    }

    /** The private key. */
    public PrivateKey key() {
        return key;
    }

    /** The certificate of the key, followed by those of its issuers. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The certificate of the key. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** The names that the certificate is for, in lower case; a wildcard begins with {@code *.}. */
    public Set<String> names() {
        return names;
    }

    /** The kind of the key: RSA, EC, EdDSA or RSASSA-PSS. */
    public String keyType() {
        return key.getAlgorithm();
    }

    @Override
    public String toString() {
        return "the certificate of " + file;
    }
}
