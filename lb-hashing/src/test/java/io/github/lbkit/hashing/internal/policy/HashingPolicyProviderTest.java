package io.github.lbkit.hashing.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.hashing.HashRouters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashingPolicyProviderTest {
    private static final List<Member> MEMBERS = List.of(new Member("S1", 1), new Member("S2", 1), new Member("S3", 1));

    @Test
    void policies_are_found_by_name() {
        assertThat(Policies.names().keySet())
                .contains(
                        "hash",
                        "rendezvous",
                        "capped",
                        "ring",
                        "ketama",
                        "envoy-ring",
                        "maglev",
                        "envoy-maglev",
                        "jump")
                .contains("assignment", "round-robin", "least-requests", "random");
        assertThat(Policies.named("hash", Map.of()).name()).isEqualTo("hash");
        assertThat(Policies.named("rendezvous", Map.of()).picker(MEMBERS).settings())
                .isEqualTo("rendezvous, key hash xxh3");
    }

    @Test
    void each_name_has_its_router_and_its_key_hash() {
        Map<String, String> settings = new TreeMap<>();
        for (String name : new HashingPolicyProvider().names().keySet()) {
            settings.put(name, Policies.named(name, Map.of()).picker(MEMBERS).settings());
        }

        assertThat(settings)
                .containsEntry("hash", "claim table(slots=65536), key hash xxh3")
                .containsEntry("rendezvous", "rendezvous, key hash xxh3")
                .containsEntry("capped", "capped table(slots=65536, epsilon=0.05), key hash xxh3")
                .containsEntry("ring", "ring(points per weight=100.0), key hash xxh3")
                .containsEntry("ketama", "ketama(client=spymemcached), key hash ketama")
                .containsEntry(
                        "envoy-ring", "envoy ring(min size=1024, max size=8388608, hash=XX_HASH), key hash xxhash64")
                .containsEntry("maglev", "maglev(slots=65537), key hash xxh3")
                .containsEntry("envoy-maglev", "envoy maglev(slots=65537), key hash xxhash64")
                .containsEntry("jump", "jump, key hash xxh3")
                .hasSize(10);
    }

    @Test
    void options_size_and_shape_the_routers() {
        assertThat(settings("hash", Map.of("max-servers", "1000"))).contains("slots=1048576");
        assertThat(settings("capped", Map.of("max-servers", "200", "epsilon", "0.1")))
                .contains("slots=262144")
                .contains("epsilon=0.1");
        assertThat(settings("ring", Map.of("points-per-weight", "2.5"))).contains("points per weight=2.5");
        assertThat(settings("maglev", Map.of("max-servers", "1000"))).contains("slots=100003");
        assertThat(settings("envoy-maglev", Map.of("table-size", "17"))).contains("slots=17");
        assertThat(settings("envoy-ring", Map.of("hash-function", "murmur-hash-2", "max-ring-size", "4096")))
                .contains("max size=4096")
                .contains("MURMUR_HASH_2");
    }

    @ParameterizedTest
    @CsvSource({
        "hash, max-servers, 0",
        "hash, max-servers, 65535",
        "hash, max-servers, many",
        "capped, epsilon, 1.5",
        "capped, epsilon, -0.1",
        "ring, points-per-weight, 0",
        "ring, points-per-weight, 1e3",
        "maglev, max-servers, 0",
        "envoy-maglev, table-size, 8",
        "envoy-ring, min-ring-size, 0",
        "envoy-ring, hash-function, md5"
    })
    void wrong_values_are_refused_before_there_are_members(String policy, String option, String value) {
        assertThatThrownBy(() -> Policies.named(policy, Map.of(option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(value);
    }

    @Test
    void the_class_path_has_the_provider_too() throws IOException {
        try (InputStream services = HashingPolicyProvider.class.getResourceAsStream(
                "/META-INF/services/io.github.lbkit.api.policy.PolicyProvider")) {
            assertThat(services).isNotNull();
            assertThat(new String(services.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo(HashingPolicyProvider.class.getName());
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
                .contains("key hash assignment over xxh3");
    }

    @Test
    void wrong_options_are_refused_with_the_allowed_values() {
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

    private static String settings(String policy, Map<String, String> options) {
        return Policies.named(policy, options).picker(MEMBERS).settings();
    }

    @Test
    void a_request_without_a_key_gets_six_digits() {
        Picker picker = Policies.named("assignment", Map.of()).picker(MEMBERS);
        Cursor cursor = new Cursor(() -> -1);

        assertThat(picker.next(Key.none(), cursor, LoadView.IDLE)).isNotNegative();
        assertThat(cursor.keyHash(Key.none(), text -> 0)).isBetween(100_000L, 999_999L);
    }
}
