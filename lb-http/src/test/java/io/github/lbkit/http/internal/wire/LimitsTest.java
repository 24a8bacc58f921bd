package io.github.lbkit.http.internal.wire;

import static io.github.lbkit.http.internal.wire.Messages.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final int MAX_LINE = 80;
    private static final int MAX_HEAD = 300;
    private static final int MAX_FIELDS = 4;

    @Test
    void a_request_line_may_be_as_long_as_the_limit_and_no_longer() {
        String rest = "\r\nHost: a\r\n\r\n";
        String longest = "GET /" + "a".repeat(MAX_LINE - "GET / HTTP/1.1".length()) + " HTTP/1.1";

        assertThat(status(true, longest + rest)).isEqualTo(200);
        assertThat(status(true, longest.replace("GET", "POST") + rest)).isEqualTo(414);
    }

    @Test
    void an_endless_request_line_is_refused_before_it_ends() {
        assertThat(status(true, "GET /" + "a".repeat(MAX_LINE))).isEqualTo(414);
        assertThat(status(true, "GET /" + "a".repeat(MAX_LINE - 6))).isZero();
    }

    @Test
    void a_request_line_beyond_the_limit_of_the_head_is_414_too() {
        HeadParser parser = new HeadParser(true, 1000, 256, MAX_FIELDS);
        byte[] bytes = bytes("GET /" + "a".repeat(300));

        assertThatThrownBy(() -> parser.parse(bytes, 0, bytes.length))
                .isInstanceOfSatisfying(
                        BadMessageException.class, e -> assertThat(e.status()).isEqualTo(414));
    }

    @Test
    void a_head_may_be_as_long_as_the_limit_and_no_longer() {
        String start = "GET / HTTP/1.1\r\nHost: a\r\nB: ";
        String longest = start + "b".repeat(MAX_HEAD - start.length() - 4) + "\r\n\r\n";

        assertThat(longest).hasSize(MAX_HEAD);
        assertThat(status(true, longest)).isEqualTo(200);
        assertThat(status(true, longest.replace("B: ", "BB: "))).isEqualTo(431);
        assertThat(status(true, start + "b".repeat(MAX_HEAD))).isEqualTo(431);
    }

    @Test
    void an_empty_line_before_the_request_does_not_count() {
        String start = "GET / HTTP/1.1\r\nHost: a\r\nB: ";
        String longest = start + "b".repeat(MAX_HEAD - start.length() - 4) + "\r\n\r\n";

        assertThat(status(true, "\r\n" + longest)).isEqualTo(200);
    }

    @Test
    void there_may_be_as_many_fields_as_the_limit_and_no_more() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\nB: c\r\nB: c\r\nB: c\r\n";

        assertThat(status(true, head + "\r\n")).isEqualTo(200);
        assertThat(status(true, head + "B")).isEqualTo(431);
    }

    @Test
    void a_status_line_beyond_the_limit_is_refused() {
        String longest = "HTTP/1.1 200 " + "a".repeat(MAX_LINE - "HTTP/1.1 200 ".length());

        assertThat(status(false, longest + "\r\n\r\n")).isEqualTo(200);
        assertThat(status(false, longest + "a\r\n\r\n")).isEqualTo(431);
    }

    @Test
    void more_than_64_options_of_connection_are_refused() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\nConnection: ";
        String options = "a,".repeat(64);

        assertThat(status(true, head + options + "\r\n\r\n")).isEqualTo(200);
        assertThat(status(true, head + "b\r\nConnection: " + options + "\r\n\r\n"))
                .isEqualTo(431);
    }

    /** 200 if accepted, 0 if more is expected, else the status it is refused with. */
    private static int status(boolean request, String message) {
        HeadParser parser = new HeadParser(request, MAX_LINE, MAX_HEAD, MAX_FIELDS);
        byte[] bytes = bytes(message);
        try {
            return parser.parse(bytes, 0, bytes.length) ? 200 : 0;
        } catch (BadMessageException e) {
            return e.status();
        }
    }
}
