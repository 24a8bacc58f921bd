package io.github.lbkit.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.client.TestClient.Options;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** Tests of Spring's RestClient over a balanced client: its ways of reading, and of not reading, count as successes. */
class RestClientTest {
    private static final int CALLS = 5;
    private static final byte[] SENT = {'"', 'a', '"'};

    /** How the caller wants the body. */
    enum Wanted {
        STRING,
        MAP,
        BYTES,
        BODILESS
    }

    /** How the server sends the body. */
    enum Sent {
        SMALL,
        LARGE,
        CHUNKED;

        String response() {
            String json = this == LARGE ? "{\"a\":\"" + "b".repeat(40_000) + "\"}" : "{\"a\":\"b\"}";
            String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
            return this == CHUNKED
                    ? head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(json.length()) + "\r\n" + json
                            + "\r\n0\r\n\r\n"
                    : head + "Content-Length: " + json.length() + "\r\n\r\n" + json;
        }
    }

    static List<Arguments> everyCall() {
        List<Arguments> calls = new ArrayList<>();
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)) {
            for (Sent sent : Sent.values()) {
                for (Wanted wanted : Wanted.values()) {
                    calls.add(Arguments.of(method, sent, wanted));
                }
            }
        }
        return calls;
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void every_call_is_a_success_over_one_connection(HttpMethod method, Sent sent, Wanted wanted) {
        ServerScript request = new ServerScript().expectHead();
        if (!method.equals(HttpMethod.GET)) {
            request = request.expect(SENT.length);
        }
        try (ScriptedServer first =
                        ScriptedServer.start(request.send(sent.response()).again());
                BalancedFixture fixture = BalancedFixture.over(first);
                ClassicTestClient client = new ClassicTestClient(fixture.builder(), Options.NONE)) {
            RestClient orders = RestClient.builder()
                    .requestFactory(new HttpComponentsClientHttpRequestFactory(client.client))
                    .baseUrl("http://orders")
                    .build();
            String[] expected = new String[CALLS];
            Arrays.fill(expected, "s1 succeeded");

            for (int i = 0; i < CALLS; i++) {
                call(orders, method, wanted);
            }

            fixture.awaitOutcomes(expected);
            assertThat(first.accepted()).as("connections").isEqualTo(1);
        }
    }

    private static void call(RestClient orders, HttpMethod method, Wanted wanted) {
        RestClient.RequestBodySpec request = orders.method(method).uri("/a");
        if (!method.equals(HttpMethod.GET)) {
            request.body(SENT);
        }
        RestClient.ResponseSpec response = request.retrieve();
        switch (wanted) {
            case STRING -> assertThat(response.body(String.class)).startsWith("{\"a\":\"b");
            case MAP ->
                assertThat(response.body(new ParameterizedTypeReference<Map<String, String>>() {}))
                        .containsKey("a");
            case BYTES -> assertThat(response.body(byte[].class)).isNotEmpty();
            case BODILESS ->
                assertThat(response.toBodilessEntity().getStatusCode().value()).isEqualTo(200);
        }
    }
}
