package io.github.lbkit.examples.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command {@code certificate}: what it writes, what it never overwrites, and what it refuses. */
class CertificateCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("certificate"));
        all.addAll(List.of(arguments));
        CommandLine line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return Main.run(all, line);
    }

    private X509Certificate certificate() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(directory.resolve("cert.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void a_certificate_for_this_machine_and_a_key_for_its_owner_alone_are_written_and_not_overwritten()
            throws IOException, GeneralSecurityException {
        int status = run("--out", directory.toString());

        assertThat(status).as(err.toString()).isZero();
        X509Certificate first = certificate();
        assertThat(first.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(first.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(Duration.between(
                                first.getNotBefore().toInstant(),
                                first.getNotAfter().toInstant())
                        .toDays())
                .isEqualTo(365);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("key.pem"))))
                .isEqualTo("rw-------");
        assertThat(out.toString()).contains("serve --tls-certificate " + directory.resolve("cert.pem"));

        assertThat(run("--out", directory.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("cert.pem exists already; --force replaces it");
        assertThat(certificate()).isEqualTo(first);
    }

    @Test
    void force_replaces_and_the_hosts_the_days_and_the_kind_of_key_are_as_asked()
            throws IOException, GeneralSecurityException {
        Files.writeString(directory.resolve("key.pem"), "old");

        int status = run(
                "--out",
                directory.toString(),
                "--force",
                "--host",
                "shop.test",
                "--host",
                "*.shop.test",
                "--days",
                "7",
                "--key",
                "rsa");

        assertThat(status).as(err.toString()).isZero();
        assertThat(certificate().getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("shop.test", "*.shop.test");
        assertThat(certificate().getPublicKey().getAlgorithm()).isEqualTo("RSA");
        assertThat(Files.readString(directory.resolve("key.pem"))).startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--host=a b | --host 'a b' is not allowed; allowed: a name such as shop.test",
                "--host=dns:x,y | --host 'dns:x' is not allowed",
                "--days=0 | --days '0' is not allowed; allowed: 1 to 3650",
                "--key=dsa | --key 'dsa' is not allowed; allowed: ec, rsa"
            })
    void a_value_that_is_not_allowed_is_refused_by_name(String argument, String message) throws IOException {
        assertThat(run("--out", directory.toString(), argument)).isEqualTo(2);

        assertThat(err.toString()).contains(message);
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
