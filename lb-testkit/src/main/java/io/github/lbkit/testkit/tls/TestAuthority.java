package io.github.lbkit.testkit.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority for tests. Its own certificate is valid from 2020 to 2099. Thread-safe.
 *
 * <pre>{@code
 * TestAuthority root = TestAuthority.create("root");
 * TestCertificate server = root.leaf("shop.test", "127.0.0.1").issue();
 * Path pem = server.write(directory.resolve("shop.pem"));
 * SSLContext client = root.context();
 * }</pre>
 */
public final class TestAuthority {
    static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");
    static final Instant END = Instant.parse("2099-01-01T00:00:00Z");

    private static final AtomicLong SERIALS = new AtomicLong(1000);
    private static final BigInteger VERSION_2 = BigInteger.ONE;
    private static final BigInteger VERSION_3 = BigInteger.TWO;

    private final PrivateKey key;

    /** The certificate of this authority, followed by those of the authorities above it, up to the root. */
    private final List<X509Certificate> chain;

    private TestAuthority(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    /** Creates a root authority with a key on the curve P-256. */
    public static TestAuthority create(String commonName) {
        KeyPair pair = keyPair(false);
        X500Principal name = new X500Principal("CN=" + commonName);
        X509Certificate own =
                sign(pair.getPrivate(), name, new Subject(name, pair, BEGIN, END, Extensions.ofAuthority()));
        return new TestAuthority(pair.getPrivate(), List.of(own));
    }

    /** Creates an authority below this one, with a key on the curve P-256. */
    public TestAuthority intermediate(String commonName) {
        KeyPair pair = keyPair(false);
        Subject subject =
                new Subject(new X500Principal("CN=" + commonName), pair, BEGIN, END, Extensions.ofAuthority());
        return new TestAuthority(pair.getPrivate(), with(sign(subject)));
    }

    /**
     * Returns the request for a certificate of a server or client.
     *
     * @param names the subject alternative names: DNS names, or IP addresses; the first one is the common name
     */
    public LeafRequest leaf(String... names) {
        return new LeafRequest(this, List.of(names));
    }

    TestCertificate issue(X500Principal name, boolean rsa, Instant begin, Instant end, List<byte[]> extensions) {
        KeyPair pair = keyPair(rsa);
        X509Certificate leaf = sign(new Subject(name, pair, begin, end, extensions));
        return new TestCertificate(pair.getPrivate(), with(leaf));
    }

    private List<X509Certificate> with(X509Certificate first) {
        List<X509Certificate> all = new ArrayList<>(List.of(first));
        all.addAll(chain);
        return List.copyOf(all);
    }

    /** The certificate of this authority. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Writes the certificate of this authority as PEM; returns the file. */
    public Path write(Path file) throws IOException {
        return Files.writeString(file, PemText.of(certificate()));
    }

    /** Returns a context of a client that trusts this authority alone. */
    public SSLContext context() {
        return TestContexts.trusting(certificate());
    }

    /** Returns a context of a client that trusts this authority alone, and shows a certificate of its own. */
    public SSLContext context(TestCertificate own) {
        return TestContexts.trusting(certificate(), own);
    }

    /** Returns a revocation list of this authority as PEM, which is valid until 2099. */
    public String revocations(TestCertificate... revoked) {
        return revocationsUntil(END, revoked);
    }

    /** Returns a revocation list of this authority as PEM, which is valid until this time. */
    public String revocationsUntil(Instant nextUpdate, TestCertificate... revoked) {
        List<byte[]> entries = new ArrayList<>();
        for (TestCertificate each : revoked) {
            entries.add(DerWriter.sequence(DerWriter.integer(each.leaf().getSerialNumber()), DerWriter.time(BEGIN)));
        }
        byte[] list = DerWriter.sequence(
                DerWriter.integer(VERSION_2),
                signatureAlgorithm(),
                certificate().getSubjectX500Principal().getEncoded(),
                DerWriter.time(BEGIN),
                DerWriter.time(nextUpdate),
                entries.isEmpty() ? new byte[0] : DerWriter.sequence(entries));
        return PemText.block("X509 CRL", signed(key, list));
    }

    /** The content of a certificate. */
    private record Subject(X500Principal name, KeyPair pair, Instant begin, Instant end, List<byte[]> extensions) {}

    private X509Certificate sign(Subject subject) {
        return sign(key, certificate().getSubjectX500Principal(), subject);
    }

    private static X509Certificate sign(PrivateKey key, X500Principal issuer, Subject subject) {
        byte[] certificate = DerWriter.sequence(
                DerWriter.tagged(0, DerWriter.integer(VERSION_3)),
                DerWriter.integer(BigInteger.valueOf(SERIALS.incrementAndGet())),
                signatureAlgorithm(),
                issuer.getEncoded(),
                DerWriter.sequence(DerWriter.time(subject.begin()), DerWriter.time(subject.end())),
                subject.name().getEncoded(),
                subject.pair().getPublic().getEncoded(),
                DerWriter.tagged(3, DerWriter.sequence(subject.extensions())));
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(signed(key, certificate)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificate of " + subject.name() + " cannot be read", e);
        }
    }

    private static byte[] signed(PrivateKey key, byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(content);
            return DerWriter.sequence(content, signatureAlgorithm(), DerWriter.bits(0, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform signs with P-256", e);
        }
    }

    private static byte[] signatureAlgorithm() {
        return DerWriter.sequence(DerWriter.oid("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
    }

    private static KeyPair keyPair(boolean rsa) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
            generator.initialize(rsa ? 2048 : 256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has keys of RSA and EC", e);
        }
    }
}
