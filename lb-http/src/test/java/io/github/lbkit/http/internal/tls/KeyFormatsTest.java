package io.github.lbkit.http.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.internal.tls.material.Contents;
import io.github.lbkit.http.internal.tls.material.Identities;
import io.github.lbkit.http.internal.tls.material.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of keys and certificates that openssl writes are read, or refused with the reason. */
class KeyFormatsTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        assumeTrue(OpenSsl.isInstalled());
        OpenSsl openssl = new OpenSsl(directory);
        Files.writeString(directory.resolve("secret"), "wrong\nsecret\n");
        openssl.run("genrsa -traditional -out rsa1.key 2048");
        openssl.run("ecparam -name prime256v1 -genkey -out ec1.key");
        openssl.run("ecparam -name secp384r1 -genkey -noout -out ec384.key");
        openssl.run("genpkey -algorithm ed25519 -out ed25519.key");
        openssl.run("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key");
        for (String key : new String[] {"rsa1", "ec1", "ec384", "ed25519", "pss"}) {
            openssl.run("req -x509 -new -key " + key + ".key -out " + key + ".pem -days 30 -subj /CN=" + key
                    + ".test -addext subjectAltName=DNS:" + key + ".test,DNS:*." + key + ".test");
        }
        openssl.run("pkcs8 -topk8 -nocrypt -in rsa1.key -out rsa8.key");
        openssl.run("pkcs8 -topk8 -nocrypt -in ec1.key -out ec8.key");
        openssl.run("pkcs8 -topk8 -v2 aes256 -in ec1.key -out aes256.key -passout pass:secret");
        openssl.run("pkcs8 -topk8 -v2 aes128 -v2prf hmacWithSHA512 -in rsa1.key -out aes128.key -passout pass:secret");
        openssl.run("pkcs8 -topk8 -scrypt -in ec1.key -out scrypt.key -passout pass:secret");
        openssl.run("rsa -traditional -aes256 -in rsa1.key -out dek.key -passout pass:secret");
        openssl.run("pkcs12 -export -in rsa1.pem -inkey rsa1.key -out rsa.p12 -passout pass:secret");
        openssl.run("pkcs12 -export -in ec1.pem -inkey ec1.key -out open.p12 -passout pass:");
    }

    private static Identity read(String certificate, String key, boolean hasPasswords) {
        TlsCertificate files = new TlsCertificate(
                directory.resolve(certificate),
                key.isEmpty() ? Optional.empty() : Optional.of(directory.resolve(key)),
                hasPasswords ? Optional.of(directory.resolve("secret")) : Optional.empty());
        return Identities.read(files, Contents.read(Identities.files(files)));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa1.pem, rsa1.key, RSA",
        "rsa1.pem, rsa8.key, RSA",
        "ec1.pem, ec1.key, EC",
        "ec1.pem, ec8.key, EC",
        "ec384.pem, ec384.key, EC",
        "ed25519.pem, ed25519.key, EdDSA",
        "pss.pem, pss.key, RSASSA-PSS",
        "ec1.pem, aes256.key, EC",
        "rsa1.pem, aes128.key, RSA"
    })
    void a_key_file_of_this_form_is_read(String certificate, String key, String type) {
        Identity identity = read(certificate, key, true);

        assertThat(identity.keyType()).isEqualTo(type);
        String name = certificate.replace(".pem", ".test");
        assertThat(identity.names()).containsExactlyInAnyOrder(name, "*." + name);
    }

    @Test
    void one_file_may_hold_both_in_any_order_with_text_between_and_lines_of_windows() throws IOException {
        String text = "Bag Attributes\n  friendlyName: shop\n" + Files.readString(directory.resolve("ec1.key"))
                + "\nissuer=shop\n" + Files.readString(directory.resolve("ec1.pem"));
        Files.writeString(directory.resolve("both.pem"), text.replace("\n", "\r\n"));

        assertThat(read("both.pem", "", false).keyType()).isEqualTo("EC");
    }

    @Test
    void pkcs12_is_read_with_its_password_or_without_one() {
        assertThat(read("rsa.p12", "", true).keyType()).isEqualTo("RSA");
        assertThat(read("open.p12", "", false).keyType()).isEqualTo("EC");
    }

    @ParameterizedTest
    @CsvSource({
        "ec1.pem, rsa1.key, its private key (RSA) does not belong to any certificate: CN=ec1.test (EC)",
        "ec1.pem, ec384.key, its private key (EC) does not belong to any certificate",
        "ec1.pem, dek.key, (DEK-Info); allowed: PKCS#8 encrypted by PBES2",
        "ec1.pem, scrypt.key, which this JDK does not decrypt; allowed: PBES2 with PBKDF2 and AES",
        "ec1.pem, ec1.pem, has no private key; allowed: one",
        "ec1.key, ec1.key, has no certificate; allowed: a PEM block CERTIFICATE",
        "ec1.pem, absent.key, does not exist",
        "rsa.p12, rsa1.key, is not PEM so its key cannot be in file",
        "secret, ec1.key, is neither PEM nor PKCS#12"
    })
    void a_wrong_file_is_refused_with_its_name_and_the_reason(String certificate, String key, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(certificate, key, true))
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()).replace(",", ""))
                        .contains(reason.replace(",", ""))
                        .contains("file " + directory));
    }

    @Test
    void a_password_that_is_missing_or_wrong_is_named_and_not_shown() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("ec1.pem", "aes256.key", false))
                .withMessageContaining("its private key is encrypted, and there is no password file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("rsa.p12", "", false))
                .withMessageContaining("is not PKCS#12 without a password");
        Path wrong = Files.writeString(directory.resolve("wrong"), "hunter2\n");
        TlsCertificate files = TlsCertificate.of(directory.resolve("ec1.pem"), directory.resolve("aes256.key"))
                .withPasswords(wrong);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identities.read(files, Contents.read(Identities.files(files))))
                .withMessageContaining("none of the 1 passwords")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void a_damaged_file_is_refused() throws IOException {
        String pem = Files.readString(directory.resolve("ec1.pem"));
        String key = Files.readString(directory.resolve("ec8.key"));
        Files.writeString(directory.resolve("cut.pem"), pem.substring(0, pem.length() / 2));
        Files.writeString(directory.resolve("short.pem"), pem.replaceFirst("\n[A-Za-z0-9+/]{64}\n", "\n"));
        Files.writeString(directory.resolve("two.key"), key + key);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("cut.pem", "ec1.key", false))
                .withMessageContaining("is cut off: its block CERTIFICATE has no end");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("short.pem", "ec1.key", false))
                .withMessageContaining("has a certificate that cannot be read");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("ec1.pem", "two.key", false))
                .withMessageContaining("has 2 private keys; allowed: one");
    }
}
