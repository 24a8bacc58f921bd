package io.github.lbkit.http.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSinkTest {
    private final ByteSink sink = new ByteSink(0);

    @Test
    void everything_is_put_in_order_and_grows_it() {
        sink.put("GET ")
                .put(Messages.bytes("xx/yy"), 2, 3)
                .put((byte) ' ')
                .put(Messages.bytes("a"))
                .crlf();
        sink.put("b".repeat(10_000));

        assertThat(content()).isEqualTo("GET / a\r\n" + "b".repeat(10_000));
        sink.truncate(3);
        assertThat(content()).isEqualTo("GET");
        sink.clear();
        assertThat(sink.isEmpty()).isTrue();
    }

    @Property
    void a_number_is_put_in_the_digits_that_java_writes(@ForAll @LongRange(min = 0) long number) {
        sink.clear();
        assertThat(Messages.content(sink.putDecimal(number))).isEqualTo(Long.toString(number));
        sink.clear();
        int small = (int) (number & Integer.MAX_VALUE);
        assertThat(Messages.content(sink.putHex(small))).isEqualTo(Integer.toHexString(small));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, Long.MAX_VALUE})
    void the_edges_of_decimal_digits_are_right(long number) {
        assertThat(Messages.content(sink.putDecimal(number))).isEqualTo(Long.toString(number));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 255, 256, 0xfffffff, 0x10000000, Integer.MAX_VALUE})
    void the_edges_of_hexadecimal_digits_are_right(int number) {
        assertThat(Messages.content(sink.putHex(number))).isEqualTo(Integer.toHexString(number));
    }

    @Test
    void bytes_written_into_the_array_are_counted_by_advance() {
        sink.reserve(100);
        sink.array()[0] = 'x';
        sink.advance(1);

        assertThat(content()).isEqualTo("x");
        assertThatThrownBy(() -> sink.advance(1 << 20)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sink.truncate(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sink.putDecimal(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private String content() {
        return Messages.content(sink);
    }
}
