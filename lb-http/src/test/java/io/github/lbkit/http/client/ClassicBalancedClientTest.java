package io.github.lbkit.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.client.TestClient.Ask;
import io.github.lbkit.http.client.TestClient.Options;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.junit.jupiter.api.Test;

/** The contract of balanced clients, for the classic client, and tests of features that only classic clients have. */
class ClassicBalancedClientTest extends BalancedClientContract {
    private static final ServerScript ENDLESS = new ServerScript()
            .expectHead()
            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            .expectEnd();

    @Override
    TestClient client(BalancedHttpClient.Builder balanced, Options options) {
        return new ClassicTestClient(balanced, options);
    }

    @Test
    void a_response_that_is_closed_before_its_end_says_nothing_about_the_server() throws IOException {
        try (ScriptedServer first = ScriptedServer.start(ENDLESS);
                BalancedFixture fixture = BalancedFixture.over(first);
                ClassicTestClient client =
                        new ClassicTestClient(fixture.builder(), new Options(300, List.of(), TestCertificates.NONE))) {
            CloseableHttpResponse response = CloseableHttpResponse.adapt(
                    client.client.executeOpen(null, ClassicTestClient.request(Ask.get("http://orders/")), null));
            assertThat(response.getCode()).isEqualTo(200);
            assertThat(fixture.inFlight()).isEqualTo(1);

            assertThatThrownBy(response::close).isInstanceOf(IOException.class); // it waits for the rest in vain

            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_stream_that_is_read_by_single_bytes_ends_its_attempt_too() throws IOException {
        ServerScript chunked =
                ServerScript.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        try (ScriptedServer first = ScriptedServer.start(chunked);
                BalancedFixture fixture = BalancedFixture.over(first);
                ClassicTestClient client = new ClassicTestClient(fixture.builder(), Options.NONE)) {
            try (ClassicHttpResponse response = client.client.executeOpen(
                            null, ClassicTestClient.request(Ask.get("http://orders/")), null);
                    InputStream in = response.getEntity().getContent()) {
                while (in.read() >= 0) {
                    assertThat(fixture.inFlight()).isEqualTo(1);
                }
                assertThat(fixture.inFlight()).isZero();
            }
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    /** Through a plain proxy, where HttpClient's own Connection field does not keep the Upgrade field out. */
    @Test
    void balanced_requests_ask_for_no_upgrade_to_tls_unless_that_is_wanted() throws IOException {
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer proxy = ScriptedServer.start(BalancedClientContract.ok("by proxy"));
                BalancedFixture fixture = BalancedFixture.over(first)) {
            Options proxied = new Options(20_000, List.of("127.0.0.1:" + proxy.port()), TestCertificates.NONE);
            try (TestClient client = client(fixture.builder(), proxied);
                    TestClient upgrading = client(fixture.builder().protocolUpgrade(true), proxied)) {
                client.get("http://orders/");
                client.get("http://other.test/");
                upgrading.get("http://orders/");
            }

            assertThat(proxy.heads().get(0)).doesNotContainIgnoringCase("Upgrade");
            assertThat(proxy.heads().get(1)).as("a request to another host").contains("\r\nUpgrade: TLS/1.2\r\n");
            assertThat(proxy.heads().get(2)).contains("\r\nUpgrade: TLS/1.2\r\n");
        }
    }
}
