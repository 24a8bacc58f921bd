package io.github.lbkit.http.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNameTest {
    @ParameterizedTest
    @CsvSource({
        "Connection, 1",
        "keep-alive, 2",
        "Proxy-Connection, 3",
        "Proxy-Authenticate, 4",
        "Proxy-Authorization, 5",
        "te, 6",
        "TRAILER, 7",
        "Transfer-Encoding, 8",
        "upgrade, 9",
        "HTTP2-Settings, 10",
        "Content-Length, 11",
        "host, 12",
        "Expect, 13",
        "Date, 14",
        "x-request-ID, 15",
        "X-Forwarded-For, 16",
        "X-Forwarded-Proto, 17",
        "X-Forwarded-Host, 18",
        "Forwarded, 19",
        "via, 20",
        "MAX-forwards, 21",
        "Proxy, 22",
        "max_forwards, 23",
        "vib, 0",
        "Prox_, 0",
        "X-Forwarded-Port, 24",
        "x-forwarded-client-cert-and-more, 24",
        "X_Forwarded_For, 23",
        "x-forwarded_host, 23",
        "Keep_Alive, 23",
        "X_Forwarded-Port, 24",
        "X-Forwarded-, 0",
        "X-Forwarded, 0",
        "Accept, 0",
        "Dat, 0",
        "T_, 0",
        "Hos~, 0",
        "Connectio_, 0",
        "Keep.Alive, 0",
        "a-name-that-is-longer-than-all-that-are-known, 0",
    })
    void a_name_is_known_in_any_case(String name, int expected) {
        byte[] bytes = Messages.bytes(name);

        assertThat(FieldName.of(bytes, 0, bytes.length)).isEqualTo(expected);
    }

    @Property
    void no_token_breaks_the_lookup(@ForAll("tokens") String name) {
        byte[] bytes = Messages.bytes(name);

        assertThat(FieldName.of(bytes, 0, bytes.length)).isBetween(FieldName.OTHER, FieldName.ALIAS);
    }

    @Provide
    Arbitrary<String> tokens() {
        return GeneratedHeads.tokens();
    }
}
