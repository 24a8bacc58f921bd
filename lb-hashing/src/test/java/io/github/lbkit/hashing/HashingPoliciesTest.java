package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.policy.Policies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HashingPoliciesTest {
    private static final List<Member> MEMBERS = List.of(new Member("S1", 1), new Member("S2", 1), new Member("S3", 1));

    @Test
    void policies_are_found_by_name() {
        assertThat(Policies.names().keySet())
                .contains("hash", "rendezvous", "assignment", "round-robin", "least-requests", "random");
        assertThat(Policies.named("hash", Map.of()).name()).isEqualTo("hash");
        assertThat(Policies.named("rendezvous", Map.of()).picker(MEMBERS).settings())
                .isEqualTo("rendezvous, key hash fold");
    }

    @Test
    void the_class_path_has_the_provider_too() throws IOException {
        try (InputStream services =
                HashingPolicies.class.getResourceAsStream("/META-INF/services/io.github.lbkit.api.PolicyProvider")) {
            assertThat(services).isNotNull();
            assertThat(new String(services.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo(HashingPolicies.class.getName());
        }
    }

    @Test
    void options_choose_the_map() {
        Picker picker = Policies.named("assignment", Map.of("probing", "quadratic", "first-id", "0", "first-j", "1"))
                .picker(MEMBERS);

        assertThat(picker.settings())
                .contains("probing=quadratic")
                .contains("first id=0")
                .contains("first j=1")
                .contains("key hash assignment over fold");
    }

    @Test
    void options_that_are_wrong_are_refused_with_what_is_allowed() {
        assertThatThrownBy(() -> Policies.named("assignment", Map.of("probing", "cubic")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cubic")
                .hasMessageContaining("linear or quadratic");
        assertThatThrownBy(() -> Policies.named("assignment", Map.of("first-id", "one")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first-id 'one'");
        assertThatThrownBy(() -> Policies.named("assignment", Map.of("slots", "512")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'slots'")
                .hasMessageContaining("[first-id, first-j, probing]");
        assertThatThrownBy(() -> Policies.named("hash", Map.of("probing", "linear")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'probing'");
    }

    @Test
    void the_assignment_routes_a_number_by_its_digits() {
        Picker picker = Policies.named("assignment", Map.of()).picker(MEMBERS);
        Cursor cursor = new Cursor(() -> 0);

        assertThat(picker.position(Key.of("132574"), cursor)).startsWith("slot 81,");
        assertThat(picker.next(Key.of("132574"), cursor, LoadView.IDLE))
                .isEqualTo(HashRouters.assignment(MEMBERS).owner(132_574));
    }

    @Test
    void a_request_without_a_key_gets_six_digits() {
        Picker picker = Policies.named("assignment", Map.of()).picker(MEMBERS);
        Cursor cursor = new Cursor(() -> -1);

        assertThat(picker.next(Key.none(), cursor, LoadView.IDLE)).isNotNegative();
        assertThat(cursor.keyHash(Key.none(), text -> 0)).isBetween(100_000L, 999_999L);
    }
}
