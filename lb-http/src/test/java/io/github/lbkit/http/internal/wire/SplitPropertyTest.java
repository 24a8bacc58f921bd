package io.github.lbkit.http.internal.wire;

import static io.github.lbkit.http.internal.wire.Messages.outcome;
import static io.github.lbkit.http.internal.wire.Messages.trickled;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SplitPropertyTest {
    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void a_valid_request_is_accepted_however_it_is_split(@ForAll("requests") byte[] message) {
        assertThat(outcome(true, message)).doesNotStartWith("400").isNotEqualTo("incomplete");
        sameHoweverSplit(true, message);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void a_valid_response_is_accepted_however_it_is_split(@ForAll("responses") byte[] message) {
        assertThat(outcome(false, message)).doesNotStartWith("400").isNotEqualTo("incomplete");
        sameHoweverSplit(false, message);
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.BOUNDED)
    void a_mutated_request_comes_to_the_same_however_it_is_split(@ForAll("mutatedRequests") byte[] message) {
        sameHoweverSplit(true, message);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void a_mutated_response_comes_to_the_same_however_it_is_split(@ForAll("mutatedResponses") byte[] message) {
        sameHoweverSplit(false, message);
    }

    @Property(tries = 2000)
    void noise_is_refused_or_incomplete_but_never_an_error_of_ours(
            @ForAll byte[] noise, @ForAll boolean request, @ForAll("starts") String start) {
        byte[] message = Messages.bytes(start + Messages.text(noise, 0, noise.length));

        assertThat(trickled(request, message)).isEqualTo(outcome(request, message));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void a_message_at_a_limit_comes_to_the_same_however_it_is_split(String message) {
        sameHoweverSplit(true, Messages.bytes(message));
    }

    private static void sameHoweverSplit(boolean request, byte[] message) {
        String whole = outcome(request, message);
        assertThat(trickled(request, message)).isEqualTo(whole);
        for (int cut = 0; cut < message.length; cut++) {
            String split = outcome(request, message, cut);
            if (!split.equals(whole)) {
                assertThat(split).as("cut before byte %d", cut).isEqualTo(whole);
            }
        }
    }

    static Stream<String> limits() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\n";
        return Stream.of(-2, -1, 0, 1, 2)
                .flatMap(over -> Stream.of(
                        "GET /" + "a".repeat(Messages.MAX_LINE - 14 + over) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                        head + "B: " + "b".repeat(Messages.MAX_HEAD - head.length() - 7 + over) + "\r\n\r\n",
                        head + "B: c\r\n".repeat(Messages.MAX_FIELDS - 1 + over) + "\r\n",
                        "A".repeat(32 + over) + " / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }

    @Provide
    Arbitrary<byte[]> requests() {
        return GeneratedHeads.requests().map(Messages::bytes);
    }

    @Provide
    Arbitrary<byte[]> responses() {
        return GeneratedHeads.responses().map(Messages::bytes);
    }

    @Provide
    Arbitrary<byte[]> mutatedRequests() {
        return GeneratedHeads.mutated(GeneratedHeads.requests());
    }

    @Provide
    Arbitrary<byte[]> mutatedResponses() {
        return GeneratedHeads.mutated(GeneratedHeads.responses());
    }

    @Provide
    Arbitrary<String> starts() {
        return Arbitraries.of("", "GET ", "GET / HTTP/1.", "GET / HTTP/1.1\r\n", "HTTP/1.1 200 ", "\r\n");
    }
}
