package io.github.lbkit.http.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.runtime.NameResolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressPreferencesTest {
    private static final InetAddress A = ip("10.0.0.1");
    private static final InetAddress B = ip("10.0.0.2");
    private static final InetAddress C = ip("2001:db8::1");
    private static final List<InetAddress> ALL = List.of(A, B, C);

    private final AddressPreferences preferences = new AddressPreferences();
    private long now = Long.MAX_VALUE - 1;

    private static InetAddress ip(String text) {
        return NameResolver.literal(text).orElseThrow();
    }

    @Test
    void the_order_is_the_resolvers_until_a_later_address_connects() {
        assertThat(preferences.inOrder(ALL, now)).containsExactly(A, B, C);
        preferences.connected(A, now);
        assertThat(preferences.inOrder(ALL, now)).containsExactly(A, B, C);

        preferences.connected(C, now);

        assertThat(preferences.inOrder(ALL, now)).containsExactly(C, A, B);
    }

    @Test
    void the_resolvers_order_is_back_when_its_first_address_connects() {
        preferences.inOrder(ALL, now);
        preferences.connected(B, now);
        preferences.inOrder(ALL, now);

        preferences.connected(A, now);

        assertThat(preferences.inOrder(ALL, now)).containsExactly(A, B, C);
    }

    @Test
    void the_resolvers_order_is_back_after_ten_minutes_however_often_the_other_connects() {
        preferences.inOrder(ALL, now);
        preferences.connected(B, now);
        for (int i = 0; i < 10; i++) {
            now += Duration.ofMinutes(1).toNanos();
            assertThat(preferences.inOrder(ALL, now)).containsExactly(B, A, C);
            preferences.connected(B, now);
        }

        now += 1;

        assertThat(preferences.inOrder(ALL, now)).containsExactly(A, B, C);
    }

    @Test
    void an_address_that_the_name_has_no_longer_is_never_tried() {
        preferences.inOrder(ALL, now);
        preferences.connected(B, now);

        assertThat(preferences.inOrder(List.of(A, C), now)).containsExactly(A, C);
        assertThat(preferences.inOrder(List.of(A), now)).containsExactly(A);
    }
}
