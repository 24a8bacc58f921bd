package io.github.lbkit.api.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings()
                .withChars("abzABZ019-_. ")
                .ofMinLength(1)
                .ofMaxLength(63)
                .filter(ServerIds::wellFormed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"S1", "Server 1", "a", "-", "a.b_c-d", ".hidden", "x  y"})
    void letters_digits_and_inner_blanks_are_allowed(String id) {
        assertThat(ServerIds.wellFormed(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " a", "a ", "a\n", "a/b", "a\tb", "é", "a\u0000b", "٣", "a;b", "a{b"})
    void anything_else_is_not(String id) {
        assertThat(ServerIds.wellFormed(id)).isFalse();
        assertThat(ServerIds.wellFormed("x".repeat(63))).isTrue();
        assertThat(ServerIds.wellFormed("x".repeat(64))).isFalse();
    }

    @Property
    void random_ids_are_well_formed_and_not_taken(@ForAll long draw, @ForAll boolean stuck) {
        List<String> taken = new ArrayList<>();
        long[] next = {draw};

        for (int i = 0; i < 20; i++) {
            String id = ServerIds.random(() -> stuck ? draw : next[0]++, taken::contains);
            assertThat(id).matches("S-[0-9a-z]{6}").matches(ServerIds::wellFormed);
            assertThat(taken).doesNotContain(id);
            taken.add(id);
        }
    }

    @Property
    void instance_names_fit_every_runtime(@ForAll("ids") String id, @ForAll long generation) {
        String name = InstanceNames.of("emergency_567890", id, generation);

        assertThat(name).matches("[a-z0-9][a-z0-9_-]{0,62}");
        assertThat(InstanceNames.of("", id, generation)).matches("[a-z0-9][a-z0-9-]{0,62}");
    }

    @Test
    void ids_with_one_slug_get_different_instance_names() {
        assertThat(InstanceNames.of("", "Server 1", 5))
                .isEqualTo("server-1-0bc7ff-5")
                .isNotEqualTo(InstanceNames.of("", "server-1", 5));
        assertThat(InstanceNames.of("", "S1", 5)).isNotEqualTo(InstanceNames.of("", "S1", 6));
    }
}
