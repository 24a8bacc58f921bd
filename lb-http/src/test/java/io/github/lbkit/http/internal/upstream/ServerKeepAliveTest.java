package io.github.lbkit.http.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ServerKeepAliveTest {
    @Test
    void a_connection_is_given_up_a_second_before_the_servers_time() {
        ServerKeepAlive five = new ServerKeepAlive(Duration.ofSeconds(5).toNanos());

        assertThat(five.keepFor(Duration.ofSeconds(30).toNanos()))
                .isEqualTo(Duration.ofSeconds(4).toNanos());
        assertThat(five.allows(Duration.ofMillis(2999).toNanos(), false)).isTrue();
        assertThat(five.allows(Duration.ofSeconds(3).toNanos(), false)).isFalse();
        assertThat(five.allows(Duration.ofMillis(3999).toNanos(), true)).isTrue();
    }

    @Test
    void without_a_keep_alive_field_the_time_of_the_proxy_applies() {
        assertThat(ServerKeepAlive.UNKNOWN.keepFor(7)).isEqualTo(7);
        assertThat(ServerKeepAlive.UNKNOWN.allows(Long.MAX_VALUE, false)).isTrue();
    }

    @Property
    void a_request_that_cannot_be_repeated_is_refused_before_the_connection_is_given_up_and_that_before_the_server(
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long nanos) {
        ServerKeepAlive time = new ServerKeepAlive(nanos);
        long kept = time.keepFor(Long.MAX_VALUE);

        assertThat(kept).isBetween(nanos / 2, nanos);
        assertThat(time.allows(kept, false)).isFalse();
        assertThat(time.allows(kept, true)).isTrue();
    }
}
