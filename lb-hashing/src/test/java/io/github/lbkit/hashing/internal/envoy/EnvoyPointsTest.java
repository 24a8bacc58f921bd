package io.github.lbkit.hashing.internal.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.Murmur2;
import io.github.lbkit.hashing.internal.hash.XxHash64;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The points in the tests of Envoy, with the last two digits of the port. */
class EnvoyPointsTest {
    @Test
    void xx_hash_places_the_points_of_envoys_test_basic() {
        assertThat(points(90, text -> XxHash64.hash(text, 0)))
                .containsExactly(
                        "94 833437586790550860",
                        "92 928266305478181108",
                        "90 1033482794131418490",
                        "95 3551244743356806947",
                        "93 3851675632748031481",
                        "91 5583722120771150861",
                        "91 6311230543546372928",
                        "93 7700377290971790572",
                        "95 13144177310400110813",
                        "92 13444792449719432967",
                        "94 15516499411664133160",
                        "90 16117243373044804889");
    }

    @Test
    void murmur_2_places_the_points_of_envoys_test_basic_with_murmur_2() {
        assertThat(points(80, Murmur2::hash))
                .containsExactly(
                        "85 1358027074129602068",
                        "83 4361834613929391114",
                        "84 7224494972555149682",
                        "81 7701421856454313576",
                        "82 8649315368077433379",
                        "84 8739448859063030639",
                        "81 9887544217113020895",
                        "82 10150910876324007731",
                        "83 15168472011420622455",
                        "80 15427156902705414897",
                        "85 16375050414328759093",
                        "80 17613279263364193813");
    }

    private static List<String> points(int firstPort, ToLongFunction<String> hash) {
        EnvoyRingRouter router = new EnvoyRingRouter(
                IntStream.range(0, 6)
                        .mapToObj(i -> new Member("127.0.0.1:" + (firstPort + i), 1))
                        .toList(),
                new EnvoyRingSettings(12, 8_388_608, "", hash));
        return router.describedPoints().stream()
                .map(point -> point.substring("127.0.0.1:".length()))
                .toList();
    }
}
