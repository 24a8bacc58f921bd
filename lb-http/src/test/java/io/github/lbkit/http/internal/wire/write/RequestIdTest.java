package io.github.lbkit.http.internal.wire.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Messages;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {
    private final RequestIds ids = new RequestIds(new SplittableRandom(42));
    private final RequestId id = new RequestId();

    @Test
    void a_request_without_an_id_gets_a_new_one_of_128_bits() throws BadMessageException {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            id.assign(request(""), ids);
            assertThat(id.toString()).matches("[0-9a-f]{32}");
            seen.add(id.toString());
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void the_same_seed_gives_the_same_ids_and_no_seed_others() throws BadMessageException {
        id.assign(request(""), ids);
        String first = id.toString();
        id.assign(request(""), new RequestIds(new SplittableRandom(42)));
        assertThat(id).hasToString(first);
        id.assign(request(""), RequestIds.withRandomSeed());
        assertThat(id.toString()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A.b_c-9", "0123456789012345678901234567890123456789"})
    void an_acceptable_id_of_the_client_is_taken_over(String value) throws BadMessageException {
        id.assign(request("X-Request-Id: " + value + "\r\n"), ids);

        ByteSink sink = new ByteSink(1);
        id.putField(sink);
        id.put(sink);
        assertThat(id).hasToString(value);
        assertThat(Messages.content(sink)).isEqualTo("X-Request-Id: " + value + "\r\n" + value);
    }

    @Test
    void an_id_may_have_128_characters_and_no_more() throws BadMessageException {
        String longest = "x".repeat(128);
        id.assign(request("X-Request-Id: " + longest + "\r\n"), ids);
        assertThat(id).hasToString(longest);
        id.assign(request("X-Request-Id: x" + longest + "\r\n"), ids);
        assertThat(id.toString()).matches("[0-9a-f]{32}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a\u00e9", "a/b", "a@b", "[a]", "a`", "{"})
    void any_other_id_is_replaced(String value) throws BadMessageException {
        id.assign(request("X-Request-Id: " + value + "\r\n"), ids);

        assertThat(id.toString()).matches("[0-9a-f]{32}");
    }

    @Test
    void two_ids_are_replaced() throws BadMessageException {
        id.assign(request("X-Request-Id: a\r\nX-Request-Id: a\r\n"), ids);

        assertThat(id.toString()).matches("[0-9a-f]{32}");
    }

    private static Head request(String fields) throws BadMessageException {
        return Messages.request("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    }
}
