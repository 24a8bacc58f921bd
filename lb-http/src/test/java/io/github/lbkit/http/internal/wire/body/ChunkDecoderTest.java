package io.github.lbkit.http.internal.wire.body;

import static io.github.lbkit.http.internal.wire.Messages.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.GeneratedHeads;
import io.github.lbkit.http.internal.wire.Head;
import java.util.Arrays;
import java.util.Objects;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkDecoderTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0\\r\\n\\r\\n                                      | ''
            5\\r\\nhello\\r\\n0\\r\\n\\r\\n                     | hello
            5\\r\\nhello\\r\\n6\\r\\n world\\r\\n0\\r\\n\\r\\n   | hello world
            0000000000000005\\r\\nhello\\r\\n000\\r\\n\\r\\n   | hello
            A\\r\\n0123456789\\r\\na\\r\\n0123456789\\r\\n0\\r\\n\\r\\n | 01234567890123456789
            2\\r\\n\\r\\n\\r\\n0\\r\\n\\r\\n                    | '\\r\\n'
            1;a\\r\\nx\\r\\n0\\r\\n\\r\\n                       | x
            1;a=b\\r\\nx\\r\\n0;c\\r\\n\\r\\n                   | x
            1 ; a = b ;c\\r\\nx\\r\\n0\\r\\n\\r\\n              | x
            1\\t;\\ta\\t=\\tb\\r\\nx\\r\\n0\\r\\n\\r\\n          | x
            1;a="b;\\\\"c\\351 "\\r\\nx\\r\\n0\\r\\n\\r\\n       | x
            1;a="" ;b\\r\\nx\\r\\n0\\r\\n\\r\\n                 | x
            1\\r\\nx\\r\\n0\\r\\nA: b\\r\\nC: d\\r\\n\\r\\n      | x
            """)
    void a_chunked_body_gives_its_data(String escaped, String data) {
        byte[] body = bytes(escaped.translateEscapes());

        assertThat(ChunkedBodies.decoded(body))
                .isEqualTo("complete at " + body.length + ": " + data.translateEscapes());
        sameHoweverSplit(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1\\r\\n",
                "+1\\r\\n",
                "0x5\\r\\n",
                "\\r\\n",
                " 5\\r\\n",
                "g\\r\\n",
                "5 \\r\\n",
                "5\\t\\r\\n",
                "5\\n",
                "5\\rhello",
                "5\\000\\r\\n",
                "5\\r\\nhelloX\\n0\\r\\n\\r\\n",
                "5\\r\\nhello\\n0\\r\\n\\r\\n",
                "5\\r\\nhello\\rX0\\r\\n\\r\\n",
                "5\\r\\nhello0\\r\\n\\r\\n",
                "0\\r\\n\\n",
                "0\\r\\n\\rX",
                "0\\n\\r\\n",
                "8000000000000000\\r\\n",
                "fffffffffffffffff\\r\\n",
                "00000000000000001\\r\\n",
                "1_000\\r\\n",
                "1,\\r\\n",
                "1;\\r\\n",
                "1;;a\\r\\n",
                "1;a;\\r\\n",
                "1;a=\\r\\n",
                "1;a= \\r\\n",
                "1;=b\\r\\n",
                "1;a b\\r\\n",
                "1;a=b c\\r\\n",
                "1;a=b=c\\r\\n",
                "1;a=b \\r\\n",
                "1;a \\r\\n",
                "1;a\\n",
                "1;a=\"b\\r\\n",
                "1;a=\"b\"c\\r\\n",
                "1;a=\"b\\nc\"\\r\\n",
                "1;a=\"\\\\\\n\"\\r\\n",
                "1;a\\000\\r\\n",
                "0\\r\\nA : b\\r\\n\\r\\n",
                "0\\r\\n A: b\\r\\n\\r\\n",
                "0\\r\\nA: b\\r\\n c\\r\\n\\r\\n",
                "0\\r\\nA: b\\n\\r\\n",
                "0\\r\\nA\\r\\n\\r\\n",
                "0\\r\\n: b\\r\\n\\r\\n",
                "0\\r\\nA: \\000\\r\\n\\r\\n",
            })
    void a_body_that_breaks_the_grammar_is_refused(String escaped) {
        byte[] body = bytes(escaped.translateEscapes());

        assertThat(ChunkedBodies.decoded(body)).contains("400 ");
        sameHoweverSplit(body);
    }

    @Test
    void the_largest_size_is_accepted_and_the_next_refused() {
        assertThat(ChunkedBodies.decoded(bytes("7fffffffffffffff\r\nx"))).isEqualTo("incomplete: x");
        assertThat(ChunkedBodies.decoded(bytes("8000000000000000\r\nx"))).startsWith("400");
    }

    @Test
    void extensions_are_bounded_over_the_whole_body() {
        String chunk = "1;" + "a".repeat(1000) + "\r\nx\r\n";

        assertThat(ChunkedBodies.decoded(bytes(chunk.repeat(4) + "0\r\n\r\n"))).startsWith("complete");
        assertThat(ChunkedBodies.decoded(bytes(chunk.repeat(5) + "0\r\n\r\n"))).startsWith("400");
    }

    @Test
    void trailers_are_bounded() {
        String most = "0\r\nA: " + "b".repeat(ChunkedBodies.MAX_TRAILERS - 7) + "\r\n\r\n";

        assertThat(ChunkedBodies.decoded(bytes(most))).startsWith("complete");
        assertThat(ChunkedBodies.decoded(bytes(most.replace("A:", "AA:")))).startsWith("431");
        assertThat(ChunkedBodies.decoded(
                        bytes("0\r\n" + "A: b\r\n".repeat(ChunkedBodies.MAX_TRAILER_FIELDS + 1) + "\r\n")))
                .startsWith("431");
    }

    @Test
    void trailers_can_be_read_after_the_end_and_are_gone_after_a_reset() throws BadMessageException {
        ChunkDecoder decoder = new ChunkDecoder(ChunkedBodies.MAX_TRAILERS, ChunkedBodies.MAX_TRAILER_FIELDS);
        byte[] first = bytes("0\r\nChecksum: 12\r\nhost: x\r\n\r\n");
        byte[] second = bytes("0\r\n\r\n");

        int at = decoder.decode(first, 0, first.length);
        Head trailers = Objects.requireNonNull(decoder.trailers());

        assertThat(at).isEqualTo(first.length);
        assertThat(trailers.value(trailers.find("checksum"))).isEqualTo("12");
        assertThat(trailers.fieldCount()).isEqualTo(2);
        decoder.reset();
        assertThat(decoder.decode(second, 0, second.length)).isEqualTo(second.length);
        assertThat(decoder.complete()).isTrue();
        assertThat(decoder.trailers()).isNull();
    }

    @Test
    void bytes_behind_the_end_are_left() {
        assertThat(ChunkedBodies.decoded(bytes("1\r\nx\r\n0\r\n\r\nGET / \0"))).isEqualTo("complete at 11: x");
        assertThat(ChunkedBodies.decoded(bytes("0\r\nA: b\r\n\r\n\0\n"))).isEqualTo("complete at 11: ");
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.BOUNDED)
    void a_mutated_body_comes_to_the_same_however_it_is_split(@ForAll("mutatedBodies") byte[] body) {
        sameHoweverSplit(body);
    }

    @Provide
    Arbitrary<byte[]> mutatedBodies() {
        return GeneratedHeads.mutated(ChunkedBodies.bodies());
    }

    private static void sameHoweverSplit(byte[] body) {
        String whole = ChunkedBodies.decoded(body);
        int[] everywhere = new int[body.length];
        Arrays.setAll(everywhere, i -> i);
        assertThat(ChunkedBodies.decoded(body, everywhere)).isEqualTo(whole);
        for (int cut = 0; cut < body.length; cut++) {
            String split = ChunkedBodies.decoded(body, cut);
            if (!split.equals(whole)) {
                assertThat(split).as("cut before byte %d", cut).isEqualTo(whole);
            }
        }
    }
}
