package io.github.lbkit.examples.serve.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.testkit.tls.TestAuthority;
import io.github.lbkit.testkit.tls.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of TLS that {@code serve} takes, or refuses at the start with the option or the file. */
class TlsSettingsTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void write() throws IOException {
        TestAuthority root = TestAuthority.create("root");
        TestCertificate shop = root.leaf("shop.test").issue();
        shop.write(directory.resolve("shop.pem"), directory.resolve("shop.key"));
        shop.write(directory.resolve("both.pem"));
        root.leaf("shop.test").issue().write(directory.resolve("other.pem"), directory.resolve("other.key"));
        root.write(directory.resolve("ca.pem"));
        Files.writeString(directory.resolve("crl.pem"), root.revocations());
        Files.writeString(directory.resolve("empty"), "");
    }

    private static void check(String arguments) {
        ServeSettings.of(List.of(arguments.replace("@", directory + "/").split(" ")))
                .check();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tls-certificate=@both.pem",
                "--tls-certificate=@shop.pem:@shop.key --tls-certificate=@both.pem --tls-protocols=TLSv1.3",
                "--tls-certificate=@shop.pem:@shop.key,@both.pem --tls-ciphers=TLS_AES_128_GCM_SHA256",
                "--tls-certificate=@both.pem --tls-client-ca=@ca.pem --tls-client-crl=@crl.pem --tls-client-auth=want",
                "--tls-certificate=@both.pem --tls-client-ca=@ca.pem --tls-session-lifetime=604800",
                "--server-ca=@ca.pem --server-certificate=@shop.pem:@shop.key --server-tls-protocols=TLSv1.2,TLSv1.3",
                "--tls-certificate=@both.pem --redirect-http=8080 --hsts=31536000 --client-certificate-header=X-Client",
                "--tls-certificate=@both.pem --redirect-http=0.0.0.0:80 --hsts=0",
                "--tls-certificate=@both.pem --tls-client-ca=@ca.pem --key=client-certificate",
                "--server-tls-insecure"
            })
    void settings_that_fit_are_taken(String arguments) {
        assertThatCode(() -> check(arguments)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tls-certificate=@absent.pem | TLS towards clients: file @absent.pem does not exist",
                "--tls-certificate=@shop.pem:@other.key | does not belong to any certificate: CN=shop.test (EC)",
                "--tls-certificate=@shop.pem | file @shop.pem has no private key; allowed: one",
                "--tls-certificate=@shop.pem: | --tls-certificate '@shop.pem:' is not allowed; allowed: CERT[:KEY]",
                "--tls-certificate=@both.pem --tls-key-password-file=@empty | file @empty is empty; allowed: one",
                "--tls-client-ca=@ca.pem | --tls-client-ca needs --tls-certificate CERT[:KEY]",
                "--tls-ciphers=TLS_AES_128_GCM_SHA256 | --tls-ciphers needs --tls-certificate",
                "--tls-certificate=@both.pem --tls-client-auth=want | --tls-client-auth needs --tls-client-ca FILE",
                "--tls-certificate=@both.pem --tls-client-crl=@crl.pem | --tls-client-crl needs --tls-client-ca FILE",
                "--tls-certificate=@both.pem --tls-client-ca=@crl.pem | file @crl.pem has no certificate",
                "--tls-certificate=@both.pem --tls-client-ca=@ca.pem --tls-client-auth=maybe | allowed: need, want",
                "--tls-certificate=@both.pem --tls-client-ca=@ca.pem --tls-client-crl=@ca.pem | no revocation list",
                "--tls-certificate=@both.pem --tls-protocols=TLSv1.1 | --tls-protocols 'TLSv1.1' is not allowed",
                "--tls-certificate=@both.pem --tls-ciphers=RC4 | --tls-ciphers 'RC4' is not allowed; allowed: names",
                "--tls-certificate=@both.pem --tls-handshake-timeout=0 | --tls-handshake-timeout '0' is not allowed",
                "--tls-certificate=@both.pem --tls-max-handshakes=0 | allowed: 1 to 1000000",
                "--tls-certificate=@both.pem --tls-session-lifetime=604801 | allowed: seconds, 1 to 604800",
                "--redirect-http=80 | --redirect-http needs --tls-certificate",
                "--tls-certificate=@both.pem --key=client-certificate | needs --tls-client-ca FILE",
                "--tls-certificate=@both.pem --redirect-http=99999 | --redirect-http '127.0.0.1:99999' is not allowed",
                "--hsts=5 | --hsts needs --tls-certificate",
                "--tls-certificate=@both.pem --hsts=-1 | --hsts '-1' is not allowed; allowed: seconds, 0 to 315360000",
                "--client-certificate-header=Host | --client-certificate-header 'Host' is not allowed",
                "--server-ca=@absent.pem | TLS towards servers: file @absent.pem does not exist",
                "--server-ca=@ca.pem --server-tls-insecure | --server-ca has no effect with --server-tls-insecure",
                "--server-certificate=@shop.pem | TLS towards servers: file @shop.pem has no private key",
                "--server-key-password-file=@empty | needs --server-certificate CERT[:KEY]",
                "--server-tls-protocols=SSLv3 | --server-tls-protocols 'SSLv3' is not allowed; allowed: TLSv1.2"
            })
    void settings_that_do_not_fit_are_refused_by_name(String arguments, String message) {
        assertThatThrownBy(() -> check(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*" + Pattern.quote(message.replace("@", directory + "/")) + ".*");
    }

    @Test
    void a_pipe_is_left_for_the_start_because_it_can_be_read_once() {
        assertThatCode(() -> check("--tls-certificate=/dev/null")).doesNotThrowAnyException();
    }
}
