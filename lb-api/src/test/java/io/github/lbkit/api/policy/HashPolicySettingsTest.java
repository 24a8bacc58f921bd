package io.github.lbkit.api.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.explain.Plan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashPolicySettingsTest {
    private static final List<Member> THREE = List.of(new Member("a", 1), new Member("b", 1), new Member("c", 1));
    private static final List<Member> TWO = THREE.subList(0, 2);

    private final HashPolicy policy = new HashPolicy("mod", members -> new Modulo(members, "new"), new ByLength());

    @Test
    void characters_are_hashed_and_numbers_too() {
        Picker picker = policy.picker(THREE);

        assertThat(picker.next(Key.of("four"), new Cursor(() -> 0), LoadView.IDLE))
                .isEqualTo(1);
        assertThat(picker.next(Key.of(5), new Cursor(() -> 0), LoadView.IDLE)).isEqualTo(2);
    }

    @Test
    void no_key_is_one_draw_for_the_whole_walk() {
        Picker picker = policy.picker(THREE);
        long[] draws = {1, 5};
        int[] drawn = {0};
        Cursor cursor = new Cursor(() -> draws[drawn[0]++]);

        assertThat(picker.next(Key.none(), cursor, LoadView.IDLE)).isEqualTo(1);
        assertThat(picker.next(Key.none(), cursor, LoadView.IDLE)).isEqualTo(2);
        assertThat(picker.next(Key.none(), cursor, LoadView.IDLE)).isZero();
        assertThat(drawn[0]).isEqualTo(1);
    }

    @Test
    void router_settings_and_position_are_visible() {
        Picker picker = policy.picker(THREE);

        assertThat(picker.router()).isPresent();
        assertThat(picker.settings()).isEqualTo("new, key hash by length");
        assertThat(picker.position(Key.of("seven"), new Cursor(() -> 0))).isEqualTo("remainder 2");
    }

    @Test
    void the_router_before_makes_the_next_one_if_it_is_of_this_policy() {
        HashPolicy other = new HashPolicy("mod", members -> new Modulo(members, "new"), new ByLength());
        Picker before = policy.picker(THREE);

        assertThat(policy.picker(TWO, before).settings()).startsWith("made from the one before");
        assertThat(other.picker(TWO, before).settings()).startsWith("new");
        assertThat(policy.picker(TWO, (key, cursor, load) -> -1).settings()).startsWith("new");
    }

    @Test
    void a_name_is_needed() {
        assertThatThrownBy(() -> new HashPolicy(" ", members -> new Modulo(members, ""), new ByLength()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private record ByLength() implements KeyHash {
        @Override
        public long hash(CharSequence key) {
            return key.length();
        }

        @Override
        public long hash(long key) {
            return key;
        }

        @Override
        public String name() {
            return "by length";
        }
    }

    private record Modulo(List<Member> members, String name) implements HashRouter {
        @Override
        public Set<Guarantee> guarantees() {
            return Set.of();
        }

        @Override
        public int owner(long keyHash) {
            return (int) Math.floorMod(keyHash, (long) members.size());
        }

        @Override
        public int next(long keyHash, Cursor cursor) {
            if (cursor.taken() == members.size()) {
                return -1;
            }
            int index = owner(keyHash + cursor.taken());
            cursor.visit(index);
            return index;
        }

        @Override
        public String position(long keyHash) {
            return "remainder " + owner(keyHash);
        }

        @Override
        public HashRouter with(Member member) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HashRouter without(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HashRouter withMembers(List<Member> newMembers) {
            return new Modulo(newMembers, "made from the one before");
        }

        @Override
        public double share(int index) {
            return 1.0 / members.size();
        }

        @Override
        public List<Plan.Move> movesTo(HashRouter after) {
            return List.of();
        }
    }
}
