package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    @Test
    void a_timeout_that_is_none_is_refused_by_its_name() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new Timeouts(second, second, second, Duration.ZERO, second, Optional.empty(), second))
                .hasMessageContaining("bodyProgress")
                .hasMessageContaining("not positive");
        assertThatThrownBy(() ->
                        new Timeouts(second, second, second, second, second, Optional.of(Duration.ofDays(366)), second))
                .hasMessageContaining("request")
                .hasMessageContaining("longer than");
    }
}
