package io.github.lbkit.examples.serve.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.serve.Balancer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of the proxy that {@code serve} refuses at the start, and what they may be. */
class ProxySettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--trust-forwarded=true | --trusted-proxies CIDR",
                "--trust-forwarded | --trusted-proxies CIDR",
                "--trusted-proxies=10.0.0.1/8 | has bits after its prefix",
                "--trusted-proxies=10.0.0.0/8,proxy.test | --trusted-proxies 'proxy.test'",
                "--proxy-protocol=10.0.0.0/8,proxy.test | --proxy-protocol 'proxy.test'",
                "--send-proxy=v3 | --send-proxy 'v3' is not allowed; allowed: v1, v2",
                "--send-proxy=v2 | --send-proxy needs servers that expect a PROXY header",
                "--forwarded=rfc | --forwarded 'rfc' is not allowed; allowed: xff, forwarded, both",
                "--via=a b | --via 'a b'",
                "--upgrade=h2c | --upgrade 'h2c' is not allowed; allowed: off, or names of protocols such as websocket",
                "--upgrade=websocket,off | --upgrade 'websocket,off' is not allowed",
                "--upgrade=web socket | --upgrade 'web socket'",
                "--tunnel-timeout=0 | --tunnel-timeout '0' is not allowed",
                "--request-body-rate=0 | '0' is not allowed; allowed: bytes a second, 1 to 1073741824",
                "--request-body-rate=1073741825 | '1073741825' is not allowed; allowed: bytes a second, 1 to 1073741824",
                "--max-body=-1 | bytes, 0 or more",
                "--max-request-line=63 | 64 to 65536",
                "--max-request-head=10 | 256 to 262144",
                "--max-request-fields=0 | 1 to 1000",
                "--max-response-head=1 | 256 to 1048576",
                "--max-response-fields=0 | 1 to 1000",
                "--max-server-connections=0 | 1 to 65535",
                "--pool=static:h2c://127.0.0.1:9443 | has the scheme h2c, and the proxy supports only http and https",
                "--pool=dns:shop.test:443?scheme=h2c | 'dns:shop.test:443?scheme=h2c' is not allowed",
            })
    void a_setting_that_is_wrong_is_refused_by_name(String argument, String message) {
        assertThatThrownBy(() -> start(List.of(argument)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*" + Pattern.quote(message) + ".*");
    }

    @Test
    void a_file_with_a_server_of_another_scheme_is_refused(@TempDir Path folder) throws IOException {
        Path servers = Files.writeString(folder.resolve("servers"), "S1 127.0.0.1:9443 scheme=h2c\n");

        assertThatThrownBy(() -> start(List.of("--pool=file:" + servers)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has the scheme h2c, and the proxy supports only http and https");
    }

    @Test
    void all_settings_of_the_proxy_are_taken() {
        assertThatCode(() -> start(List.of(
                        "--pool=static:http://127.0.0.1:9001",
                        "--trusted-proxies=10.0.0.0/8, fd00::/8,127.0.0.1",
                        "--proxy-protocol=10.0.0.0/8,::1",
                        "--send-proxy=v2",
                        "--forwarded=both",
                        "--via=edge-1",
                        "--upgrade=websocket, Foo",
                        "--tunnel-timeout=600000",
                        "--abort-on-half-close",
                        "--max-body=0",
                        "--max-request-line=100",
                        "--max-request-head=1000",
                        "--max-request-fields=10",
                        "--max-response-head=1000",
                        "--max-response-fields=10")))
                .doesNotThrowAnyException();
        assertThatCode(() -> start(List.of("--pool=static:http://127.0.0.1:9001", "--via=off", "--upgrade=off")))
                .doesNotThrowAnyException();
    }

    private static void start(List<String> arguments) throws IOException {
        List<String> all = new java.util.ArrayList<>(List.of("--listen=127.0.0.1:0", "--admin=off"));
        all.addAll(arguments);
        Balancer.start(ServeSettings.of(all)).close();
    }
}
