package io.github.lbkit.http.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HeadTest {
    private static final String MESSAGE =
            "GET http://b/c?d HTTP/1.1\r\nHost: a\r\nX: 1\r\nConnection: close, y\r\nx: 2\r\nY: z\r\n\r\n";

    @Test
    void a_head_that_was_moved_reads_the_same() throws BadMessageException {
        Head head = Messages.request(MESSAGE);
        String before = Messages.describe(head, true, head.start());
        byte[] elsewhere = new byte[1000];
        System.arraycopy(head.bytes(), head.start(), elsewhere, 123, head.end() - head.start());

        head.rebase(elsewhere, 123);

        assertThat(Messages.describe(head, true, 123)).isEqualTo(before);
        assertThat(head.end()).isEqualTo(123 + MESSAGE.length());
    }

    @Test
    void a_copy_outlives_the_bytes_and_the_head_it_was_made_of() throws BadMessageException {
        HeadParser parser = Messages.parser(true);
        byte[] bytes = Messages.bytes("\r\n" + MESSAGE);
        assertThat(parser.parse(bytes, 0, bytes.length)).isTrue();
        String before = Messages.describe(parser.head(), true, 2);

        Head copy = parser.head().copy();
        Arrays.fill(bytes, (byte) 0);
        parser.reset();

        assertThat(Messages.describe(copy, true, 0)).isEqualTo(before);
    }

    @Test
    void all_fields_of_a_name_are_found_in_order() throws BadMessageException {
        Head head = Messages.request(MESSAGE);

        int first = head.find("X");
        int second = head.findNext("x", first + 1);

        assertThat(head.value(first)).isEqualTo("1");
        assertThat(head.value(second)).isEqualTo("2");
        assertThat(head.findNext("x", second + 1)).isEqualTo(-1);
        assertThat(head.find(FieldName.UPGRADE)).isEqualTo(-1);
        assertThat(head.find("\u0178")).as("a char whose low byte is x").isEqualTo(-1);
    }

    @Test
    void more_fields_than_it_had_room_for_are_kept() throws BadMessageException {
        String many = "X: y\r\n".repeat(Messages.MAX_FIELDS - 1);

        Head head = Messages.request("GET / HTTP/1.1\r\nHost: a\r\n" + many + "\r\n");

        assertThat(head.fieldCount()).isEqualTo(Messages.MAX_FIELDS);
        assertThat(head.value(Messages.MAX_FIELDS - 1)).isEqualTo("y");
        assertThat(head.lineEnd(Messages.MAX_FIELDS - 1)).isEqualTo(head.end() - 2);
    }

    @Test
    void values_compare_in_any_case() throws BadMessageException {
        Head head = Messages.request("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n");

        int expect = head.find(FieldName.EXPECT);

        assertThat(head.valueIs(expect, "100-continue")).isTrue();
        assertThat(head.valueIs(expect, "100-continu")).isFalse();
        assertThat(head.valueIs(expect, "200-continue")).isFalse();
    }

    @Test
    void the_beginning_of_a_value_compares_in_any_case() throws BadMessageException {
        Head head =
                Messages.request("GET / HTTP/1.1\r\nHost: a\r\nContent-Type: Text/Event-Stream;charset=utf-8\r\n\r\n");

        int type = head.find("Content-Type");

        assertThat(head.valueStartsWith(type, "text/event-stream")).isTrue();
        assertThat(head.valueStartsWith(type, "")).isTrue();
        assertThat(head.valueStartsWith(type, "text/event-streams")).isFalse();
        assertThat(head.valueStartsWith(type, "text/event-stream;charset=utf-8\r\n"))
                .isFalse();
        assertThat(head.valueStartsWith(head.find("Host"), "ab")).isFalse();
    }
}
