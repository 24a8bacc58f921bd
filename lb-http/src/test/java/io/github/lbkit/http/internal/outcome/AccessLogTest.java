package io.github.lbkit.http.internal.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessLogTest {
    @Test
    void ordinary_text_stays_as_it_is() {
        assertThat(AccessLog.escaped("/a?b=c&d=%20;~")).isEqualTo("/a?b=c&d=%20;~");
    }

    @Test
    void nothing_can_look_like_another_field_or_line() {
        assertThat(AccessLog.escaped("a b\"c\\d\ne\u001b[0m\u00e9\u20ac"))
                .isEqualTo("a\\x20b\\x22c\\x5cd\\x0ae\\x1b[0m\\xe9\\u20ac");
    }
}
