package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.api.policy.WeightedSplit;
import io.github.lbkit.api.policy.WeightedSplit.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeightedSplitTest {
    private static final int KEYS = 100_000;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<LoadBalancer> open = new ArrayList<>();
    private final LoadBalancer stable = balancer("stable");
    private final LoadBalancer canary = balancer("canary");
    private final LoadBalancer third = balancer("third");

    private LoadBalancer balancer(String name) {
        ScriptedPool pool = new ScriptedPool(name);
        pool.publish(Server.ready(name, new Instance(name, Address.of("127.0.0.1", 1), 1)));
        LoadBalancer balancer = LoadBalancer.builder(pool, new RoundRobin())
                .runtimes(scheduler.asRuntimes())
                .build();
        open.add(balancer);
        return balancer;
    }

    @AfterEach
    void closeBalancers() {
        open.forEach(LoadBalancer::close);
    }

    private WeightedSplit split(int ofStable, int ofCanary) {
        return WeightedSplit.of(List.of(new Part(stable, ofStable), new Part(canary, ofCanary)));
    }

    private static Key key(int i) {
        return i % 2 == 0 ? Key.of("user-" + i) : Key.of(i);
    }

    private static long count(WeightedSplit split, LoadBalancer balancer) {
        long count = 0;
        for (int i = 0; i < KEYS; i++) {
            count += split.balancer(key(i)) == balancer ? 1 : 0;
        }
        return count;
    }

    @Test
    void each_balancer_gets_its_share_of_the_keys() {
        WeightedSplit split = WeightedSplit.of(List.of(new Part(stable, 90), new Part(canary, 9), new Part(third, 1)));

        // six standard deviations of 100,000 draws; keys and hash are fixed, so this cannot fail by chance
        assertThat(count(split, stable)).isBetween(89_430L, 90_570L);
        assertThat(count(split, canary)).isBetween(8_457L, 9_543L);
        assertThat(count(split, third)).isBetween(811L, 1_189L);
    }

    @Test
    void a_key_stays_where_it_is() {
        WeightedSplit one = split(95, 5);
        WeightedSplit two = split(190, 10);

        for (int i = 0; i < 1_000; i++) {
            assertThat(two.balancer(key(i))).isSameAs(one.balancer(key(i)));
        }
    }

    @Test
    void a_growing_canary_only_gains_keys() {
        WeightedSplit before = split(95, 5);
        WeightedSplit after = split(70, 30);

        long moved = 0;
        for (int i = 0; i < KEYS; i++) {
            LoadBalancer was = before.balancer(key(i));
            LoadBalancer is = after.balancer(key(i));
            assertThat(was == canary && is == stable).isFalse();
            moved += was == is ? 0 : 1;
        }

        assertThat(moved).isBetween(24_178L, 25_822L); // 25 % of the keys, six standard deviations
    }

    @Property(tries = 200)
    void when_weights_shift_keys_move_in_one_direction_only(
            @ForAll @IntRange(max = 1000) int a,
            @ForAll @IntRange(max = 1000) int b,
            @ForAll @IntRange(max = 1000) int c,
            @ForAll @IntRange(max = 1000) int d,
            @ForAll("keys") List<Key> keys) {
        Assume.that(a + b > 0 && c + d > 0);
        WeightedSplit before = split(a, b);
        WeightedSplit after = split(c, d);
        boolean canaryGrows = (long) d * (a + b) >= (long) b * (c + d);

        for (Key key : keys) {
            if (before.balancer(key) == (canaryGrows ? canary : stable)) {
                assertThat(after.balancer(key)).isSameAs(before.balancer(key));
            }
        }
        closeBalancers();
    }

    @Provide
    Arbitrary<List<Key>> keys() {
        return Arbitraries.oneOf(
                        Arbitraries.longs().map(Key::of),
                        Arbitraries.strings().ofMaxLength(20).map(Key::of))
                .list()
                .ofSize(50);
    }

    @Test
    void weight_0_receives_nothing_whichever_place_it_has() {
        assertThat(count(split(1, 0), canary)).isZero();
        assertThat(count(split(0, 1), stable)).isZero();
    }

    @Test
    void requests_without_a_key_are_drawn_one_by_one() {
        SplittableRandom random = new SplittableRandom(42);
        WeightedSplit split = WeightedSplit.of(List.of(new Part(stable, 3), new Part(canary, 1)), random::nextLong);

        int toCanary = 0;
        for (int i = 0; i < 10_000; i++) {
            toCanary += split.balancer(Key.none()) == canary ? 1 : 0;
        }

        assertThat(toCanary).isBetween(2_240, 2_760); // six standard deviations; the seed is fixed
    }

    @Test
    void the_ends_of_the_hash_space_belong_to_the_first_and_the_last() {
        long[] draw = new long[1];
        WeightedSplit split =
                WeightedSplit.of(List.of(new Part(stable, 1), new Part(canary, 1_000_000)), () -> draw[0]);

        assertThat(split.balancer(Key.none())).isSameAs(stable);
        draw[0] = -1;
        assertThat(split.balancer(Key.none())).isSameAs(canary);
    }

    @Test
    void a_call_begins_at_the_balancer_of_its_key() {
        WeightedSplit split = split(0, 1);

        try (Attempt attempt = (Attempt) split.call(Key.of("user")).next()) {
            assertThat(attempt.server().id()).isEqualTo("canary");
        }
    }

    @Test
    void weights_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new Part(stable, -1)).hasMessageContaining("weight -1");
        assertThatThrownBy(() -> split(0, 0)).hasMessageContaining("weight is above 0");
        assertThatThrownBy(() -> WeightedSplit.of(List.of())).hasMessageContaining("weight is above 0");
    }
}
