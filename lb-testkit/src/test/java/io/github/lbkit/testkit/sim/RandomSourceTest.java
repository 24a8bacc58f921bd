package io.github.lbkit.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Key;
import io.github.lbkit.testkit.Frequencies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Tests of random sources and distributions. Seeds are fixed, so results never vary. */
class RandomSourceTest {
    private static final int DRAWS = 100_000;

    @Test
    void numbers_of_a_seed_never_change() {
        RandomSource random = new RandomSource(1);

        assertThat(random.bits()).isEqualTo(-7995527694508729151L);
        assertThat(random.split("a").bits()).isEqualTo(-4474924225346549561L);
        assertThat(random.exponential()).isEqualTo(1.3695621575095036);
        assertThat(random.normal()).isEqualTo(-2.5000674933698677);
    }

    @Test
    void a_split_source_depends_on_its_name_and_not_on_earlier_draws() {
        RandomSource fresh = new RandomSource(5);
        RandomSource used = new RandomSource(5);
        used.bits();

        long part = fresh.split("servers").bits();

        assertThat(used.split("servers").bits()).isEqualTo(part);
        assertThat(used.split("keys").bits()).isNotEqualTo(part);
        assertThat(used.split("").bits()).isNotEqualTo(part);
    }

    @Test
    void numbers_below_a_bound_are_uniformly_distributed() {
        RandomSource random = new RandomSource(2);
        Frequencies seen = new Frequencies();
        Map<String, Double> expected = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            expected.put("" + i, 0.1);
        }

        for (int i = 0; i < DRAWS; i++) {
            seen.count("" + random.below(10));
        }

        seen.assertFit(expected);
        assertThatThrownBy(() -> random.below(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void service_times_have_their_mean_or_median() {
        Duration time = Duration.ofMillis(10);

        assertThat(milliseconds(ServiceTime.constant(time))).containsOnly(10.0);
        assertThat(mean(ServiceTime.exponential(time))).isBetween(9.8, 10.2);
        assertThat(mean(ServiceTime.uniform(time, time.multipliedBy(3)))).isBetween(19.9, 20.1);
        assertThat(milliseconds(ServiceTime.uniform(time, time.multipliedBy(3))))
                .allMatch(ms -> ms >= 10 && ms <= 30);
        List<Double> sorted =
                milliseconds(ServiceTime.logNormal(time, 1)).stream().sorted().toList();
        assertThat(sorted.get(DRAWS / 2)).isBetween(9.8, 10.2);
        assertThat(sorted.get(DRAWS / 100 * 99)).isBetween(95.0, 110.0);
    }

    @Test
    void arrivals_come_at_their_rate() {
        assertThat(Arrivals.constant(250).untilNext(Duration.ZERO, new RandomSource(3)))
                .isEqualTo(Duration.ofMillis(4));
        Arrivals poisson = Arrivals.poisson(250);
        assertThat(mean(random -> poisson.untilNext(Duration.ZERO, random))).isBetween(3.9, 4.1);
    }

    @Test
    void zipf_gives_the_kth_key_its_power_of_k() {
        Map<String, Double> expected = new TreeMap<>();
        double sum = 0;
        for (int k = 1; k <= 20; k++) {
            sum += 1.0 / k;
        }
        for (int k = 1; k <= 20; k++) {
            expected.put("" + (k - 1), 1.0 / k / sum);
        }

        frequencies(Keys.zipf(20, 1)).assertFit(expected);
    }

    @Test
    void the_hot_key_has_its_share_and_the_others_the_rest() {
        frequencies(Keys.oneHot(0.4, 3)).assertFit(Map.of("0", 0.4, "1", 0.2, "2", 0.2, "3", 0.2));
        frequencies(Keys.uniform(2)).assertFit(Map.of("0", 0.5, "1", 0.5));
        assertThat(Keys.none().draw(new RandomSource(1))).isSameAs(Key.none());
    }

    @Test
    void a_bad_setting_is_refused_where_it_is_set() {
        Duration time = Duration.ofMillis(1);

        refused("perSecond 0.0", () -> Arrivals.poisson(0));
        refused("0 keys", () -> Keys.uniform(0));
        refused("exponent -1.0", () -> Keys.zipf(3, -1));
        refused("share 1.5", () -> Keys.oneHot(1.5, 3));
        refused("mean PT0S", () -> ServiceTime.exponential(Duration.ZERO));
        refused("max PT0.001S", () -> ServiceTime.uniform(time.multipliedBy(2), time));
        refused("spread -1.0", () -> ServiceTime.logNormal(time, -1));
        refused(
                "one must be positive",
                () -> Behaviour.alternating(
                        Behaviour.unresponsive(), Duration.ZERO, Behaviour.unresponsive(), Duration.ZERO));
        refused("concurrency 0", () -> new ServerModel(Behaviour.unresponsive(), 0, 0));
        refused("queueCapacity -1", () -> new ServerModel(Behaviour.unresponsive(), 1, -1));
        refused("attemptTimeout PT0S", () -> Client.DEFAULTS.withTimeouts(Duration.ZERO, time));
        refused("requestTimeout PT0.001S", () -> Client.DEFAULTS.withTimeouts(time.multipliedBy(2), time));
        refused("idempotentShare 2.0", () -> Client.DEFAULTS.withIdempotentShare(2));
        refused("needs a name", () -> Scenario.named(" "));
        refused(
                "duration PT0S",
                () -> Scenario.named("a").duration(Duration.ZERO).build());
        refused(
                "measureLoadsFrom PT15S",
                () -> Scenario.named("a")
                        .measureLoadsFrom(Duration.ofSeconds(15))
                        .build());
        refused("before the start", () -> Scenario.named("a").at(time.negated(), servers -> {}));
    }

    private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable setting) {
        assertThatThrownBy(setting).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    private static Frequencies frequencies(Keys keys) {
        RandomSource random = new RandomSource(4);
        Frequencies seen = new Frequencies();
        for (int i = 0; i < DRAWS; i++) {
            seen.count("" + keys.draw(random).number());
        }
        return seen;
    }

    private static double mean(ServiceTime time) {
        ToDoubleFunction<List<Double>> mean =
                all -> all.stream().mapToDouble(d -> d).average().orElseThrow();
        return mean.applyAsDouble(milliseconds(time));
    }

    private static List<Double> milliseconds(ServiceTime time) {
        RandomSource random = new RandomSource(6);
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < DRAWS; i++) {
            all.add(time.draw(random).toNanos() / 1e6);
        }
        return all;
    }
}
