package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    @Test
    void a_timeout_out_of_range_is_refused_by_its_name() {
        assertThatThrownBy(() -> Timeouts.builder().writeStall(Duration.ZERO))
                .hasMessageContaining("writeStall")
                .hasMessageContaining("not positive");
        assertThatThrownBy(() -> Timeouts.builder().request(Duration.ofDays(366)))
                .hasMessageContaining("request")
                .hasMessageContaining("at most 365 days");
        assertThatThrownBy(() -> Timeouts.builder().requestBodyRate(0))
                .hasMessageContaining("requestBodyRate 0")
                .hasMessageContaining("1 to");
    }
}
