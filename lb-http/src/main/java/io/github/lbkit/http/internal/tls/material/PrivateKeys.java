package io.github.lbkit.http.internal.tls.material;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys from blocks of PEM: PKCS#8, plain or encrypted by PBES2, PKCS#1 (RSA) and SEC1 (EC). Stateless.
 *
 * <p>Every method throws {@link IllegalArgumentException} with the file, what is wrong, and what is allowed.
 */
final class PrivateKeys {
    private static final String PLAIN = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final String OPENSSH = "OPENSSH PRIVATE KEY";
    private static final String DSA = "DSA PRIVATE KEY";
    private static final Set<String> LABELS = Set.of(PLAIN, ENCRYPTED, PKCS1, SEC1, OPENSSH, DSA);
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final String PBES2_OID = "1.2.840.113549.1.5.13";
    private static final String CONVERSION = "convert it: openssl pkcs8 -topk8 -v2 aes256 -in OLD.key -out NEW.key";

    private PrivateKeys() {}

    /** Returns whether a block with this label is a private key. */
    static boolean isKey(String label) {
        return LABELS.contains(label);
    }

    /** Returns the key in a block; the passwords are tried in order if the key is encrypted. */
    static PrivateKey read(String file, Pem.Block block, List<char[]> passwords) {
        String label = block.label();
        if (block.hasHeaders()) {
            throw new IllegalArgumentException(
                    file + " is refused: its key is encrypted in OpenSSL's old form (DEK-Info);"
                            + " allowed: PKCS#8 encrypted by PBES2; " + CONVERSION);
        }
        return switch (label) {
            case PLAIN -> decoded(file, block.der());
            case ENCRYPTED -> decrypted(file, block.der(), passwords);
            case PKCS1 -> decoded(file, Der.pkcs8(Der.RSA, block.der()));
            case SEC1 -> decoded(file, fromSec1(file, block.der()));
            default ->
                throw new IllegalArgumentException(file + " is refused: its key has the form " + label
                        + "; allowed: PKCS#8 (PRIVATE KEY, ENCRYPTED PRIVATE KEY), RSA PRIVATE KEY, EC PRIVATE KEY");
        };
    }

    private static PrivateKey decoded(String file, byte[] pkcs8) {
        return ALGORITHMS.stream()
                .flatMap(algorithm -> decodedAs(algorithm, pkcs8).stream())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(file + " is refused: its private key cannot be read; allowed: a"
                                + " whole key of RSA, EC (P-256, P-384, P-521), Ed25519 or Ed448"));
    }

    private static Optional<PrivateKey> decodedAs(String algorithm, byte[] pkcs8) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (InvalidKeySpecException | NoSuchAlgorithmException otherAlgorithm) {
            return Optional.empty();
        }
    }

    /** Wraps a SEC1 key (RFC 5915) in PKCS#8; its curve becomes the parameter of the algorithm. */
    private static byte[] fromSec1(String file, byte[] der) {
        byte[] curve = null;
        try {
            Der.Reader fields = new Der.Reader(der).enter(Der.SEQUENCE);
            while (!fields.isAtEnd()) {
                if (fields.tag() == Der.CONTEXT_0) {
                    curve = fields.enter(Der.CONTEXT_0).element();
                } else {
                    fields.element();
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + " is refused: its EC private key is damaged: " + e.getMessage(), e);
        }
        if (curve == null || curve[0] != Der.OBJECT_IDENTIFIER) {
            throw new IllegalArgumentException(file
                    + " is refused: its EC private key does not name its curve;"
                    + " allowed: a named curve such as prime256v1");
        }
        return Der.pkcs8(Der.element(Der.SEQUENCE, Der.EC, curve), der);
    }

    private static PrivateKey decrypted(String file, byte[] der, List<char[]> passwords) {
        if (passwords.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " is refused: its private key is encrypted, and there is no password file");
        }
        EncryptedPrivateKeyInfo info;
        try {
            info = new EncryptedPrivateKeyInfo(der);
        } catch (IOException e) {
            throw unsupported(file, "an unknown algorithm", e);
        }
        String algorithm = algorithm(info);
        SecretKeyFactory keys;
        Cipher cipher;
        try {
            keys = SecretKeyFactory.getInstance(algorithm);
            cipher = Cipher.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw unsupported(file, algorithm, e);
        }
        for (char[] password : passwords) {
            byte[] pkcs8 = decrypted(info, keys, cipher, password);
            if (pkcs8 != null) {
                return decoded(file, pkcs8);
            }
        }
        throw new IllegalArgumentException(file + " is refused: none of the " + passwords.size()
                + " passwords in the password file decrypts its private key");
    }

    private static byte @Nullable [] decrypted(
            EncryptedPrivateKeyInfo info, SecretKeyFactory keys, Cipher cipher, char[] password) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, keys.generateSecret(new PBEKeySpec(password)), info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (GeneralSecurityException wrongPassword) {
            return null;
        }
    }

    /** Returns the full name of the algorithm, which the JDK knows only from the parameters of PBES2. */
    private static String algorithm(EncryptedPrivateKeyInfo info) {
        String name = info.getAlgName();
        AlgorithmParameters parameters = info.getAlgParameters();
        boolean isGeneral = name.equals("PBES2") || name.equals(PBES2_OID);
        return isGeneral && parameters != null ? String.valueOf(parameters) : name;
    }

    private static IllegalArgumentException unsupported(String file, String algorithm, Exception cause) {
        return new IllegalArgumentException(
                file + " is refused: its private key is encrypted by " + algorithm
                        + ", which this JDK does not decrypt;" + " allowed: PBES2 with PBKDF2 and AES; " + CONVERSION,
                cause);
    }
}
