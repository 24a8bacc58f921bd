package io.github.lbkit.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.HttpsRedirect;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the redirect from http to https. */
class HttpsRedirectTest {
    @ParameterizedTest
    @CsvSource({
        "443, shop.test, /a?b=c&d, https://shop.test/a?b=c&d",
        "443, shop.test:80, /, https://shop.test/",
        "8443, shop.test:8080, /a, https://shop.test:8443/a",
        "8443, [::1]:8080, /a, https://[::1]:8443/a",
        "443, [::1], /a, https://[::1]/a",
        "443, ignored.test, http://shop.test:80/a?b, https://shop.test/a?b",
        "443, ignored.test, http://shop.test, https://shop.test/",
    })
    void host_path_and_query_stay(int port, String host, String target, String location) throws IOException {
        try (ReverseProxy redirect = start(port);
                RawClient client = RawClient.to(redirect)) {
            client.send("POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n");
            RawClient.Response response = client.read();

            assertThat(response.status()).isEqualTo(308);
            assertThat(response.field("Location")).hasValue(location);
        }
    }

    @Test
    void a_request_that_names_no_host_is_refused() throws IOException {
        try (ReverseProxy redirect = start(443);
                RawClient client = RawClient.to(redirect)) {
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").read().status()).isEqualTo(400);
        }
    }

    private static ReverseProxy start(int port) throws IOException {
        return ReverseProxy.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .loops(1)
                .fallback(0, HttpsRedirect.toPort(port))
                .start();
    }
}
