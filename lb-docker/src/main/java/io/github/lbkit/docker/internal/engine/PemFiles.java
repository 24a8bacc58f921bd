package io.github.lbkit.docker.internal.engine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The TLS files {@code ca.pem}, {@code cert.pem} and {@code key.pem} in a directory, as Docker stores them. Immutable.
 */
final class PemFiles {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([^-]+)-----END", Pattern.DOTALL);

    /**
     * SEQUENCE { version 0, SEQUENCE { OID rsaEncryption, NULL } }, without the outer header: the prefix that turns a
     * PKCS#1 key into PKCS#8.
     */
    private static final byte[] RSA_HEADER = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    private final Path directory;
    private final boolean verified;

    PemFiles(Path directory, boolean verified) {
        this.directory = directory;
        this.verified = verified;
    }

    /**
     * Returns a context with the client's certificate, if there is one, that trusts only the directory's authority.
     *
     * @throws IllegalArgumentException if a file is missing or invalid; the message names the file
     */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), verified ? authority() : new TrustManager[] {new TrustAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "the TLS files in " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    private TrustManager[] authority() throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        int number = 0;
        for (Certificate certificate : certificates("ca.pem")) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        if (!Files.exists(directory.resolve("key.pem"))) {
            return new KeyManager[0];
        }
        KeyStore store = empty();
        store.setKeyEntry("client", key(), new char[0], certificates("cert.pem").toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private Collection<? extends Certificate> certificates(String file) throws GeneralSecurityException, IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        return List.copyOf(
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)));
    }

    private PrivateKey key() throws GeneralSecurityException, IOException {
        Path file = directory.resolve("key.pem");
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!block.find()) {
            throw new IOException(file + " has no private key in PEM form");
        }
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        if (block.group(1).startsWith("EC")) {
            throw new IOException(
                    file + " is in the older form for EC keys; convert it: openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] pkcs8 = block.group(1).startsWith("RSA") ? toPkcs8(der) : der;
        GeneralSecurityException last = new GeneralSecurityException("no key");
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    private static byte[] toPkcs8(byte[] pkcs1) {
        byte[] octets = encode(0x04, pkcs1);
        return encode(
                0x30,
                ByteBuffer.allocate(RSA_HEADER.length + octets.length)
                        .put(RSA_HEADER)
                        .put(octets)
                        .array());
    }

    private static byte[] encode(int tag, byte[] content) {
        return ByteBuffer.allocate(content.length + 4)
                .put((byte) tag)
                .put((byte) 0x82) // two bytes of length follow; keys are longer than 255 bytes and shorter than 65,536
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** A trust manager that accepts every certificate, for settings that turn the verification off explicitly. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
