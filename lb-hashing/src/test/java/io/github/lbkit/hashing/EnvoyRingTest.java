package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.EnvoyRingOptions.HashFunction;
import io.github.lbkit.testkit.HashRouterContract;
import java.nio.CharBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvoyRingTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.envoyRing(members, new EnvoyRingOptions(256, 1024, HashFunction.XX_HASH));
    }

    @Override
    protected HashRouter goldenRouter(List<Member> members) {
        return HashRouters.envoyRing(members, EnvoyRingOptions.DEFAULTS);
    }

    @Override
    protected long goldenChecksum() {
        return -6811456061100723246L;
    }

    /** Look-ups of Envoy's test "Basic", and a key after each of its points. */
    @ParameterizedTest
    @CsvSource({
        "0, 4",
        "18446744073709551615, 4",
        "3551244743356806947, 5",
        "3551244743356806948, 3",
        "16117243373044804880, 0"
    })
    void keys_have_the_owners_of_envoys_ring(String hash, int owner) {
        assertThat(ring(90, HashFunction.XX_HASH).owner(Long.parseUnsignedLong(hash)))
                .isEqualTo(owner);
    }

    /** Look-ups of Envoy's test "BasicWithMurmur2". */
    @ParameterizedTest
    @CsvSource({
        "0, 5",
        "18446744073709551615, 5",
        "1358027074129602068, 5",
        "1358027074129602069, 3",
        "10150910876324007730, 2"
    })
    void keys_have_the_owners_of_envoys_ring_of_murmur_2(String hash, int owner) {
        assertThat(ring(80, HashFunction.MURMUR_HASH_2).owner(Long.parseUnsignedLong(hash)))
                .isEqualTo(owner);
    }

    @ParameterizedTest
    @CsvSource({
        "'', EF46DB3751D8E999",
        "a, D24EC4F1A98C6E5B",
        "abc, 44BC2CF5AD770999",
        "Nobody inspects the spammish repetition, FBCEA83C8A378BF1"
    })
    void keys_are_hashed_by_xx_hash_64(String key, String hash) {
        KeyHash xxHash = KeyHashes.xxHash64();

        assertThat(xxHash.hash(key)).isEqualTo(Long.parseUnsignedLong(hash, 16));
        assertThat(xxHash.hash(CharBuffer.wrap(key))).isEqualTo(xxHash.hash(key));
    }

    @Test
    void keys_are_hashed_by_their_bytes_in_utf_8() {
        KeyHash xxHash = KeyHashes.xxHash64();

        assertThat(xxHash.hash("\u00e4")).isEqualTo(xxHash.hash(CharBuffer.wrap("\u00e4")));
        assertThat(xxHash.hash("\u00e4")).isNotEqualTo(xxHash.hash("\u00c3\u00a4"));
        assertThat(xxHash.hash(-42)).isEqualTo(xxHash.hash("-42"));
    }

    @Test
    void the_103rd_server_takes_a_point_from_each_of_the_others() {
        HashRouter router = HashRouters.envoyRing(ClaimTableTest.equal(102), EnvoyRingOptions.DEFAULTS);

        assertThat(router.position(0)).endsWith("of 1122");
        assertThat(router.with(new Member("one more", 1)).position(0)).endsWith("of 1030");
    }

    @Test
    void sizes_that_do_not_fit_are_refused() {
        assertThatThrownBy(() -> new EnvoyRingOptions(0, 10, HashFunction.XX_HASH))
                .hasMessageContaining("min ring size 0");
        assertThatThrownBy(() -> new EnvoyRingOptions(20, 10, HashFunction.XX_HASH))
                .hasMessageContaining("max ring size 10");
        assertThatThrownBy(() -> new EnvoyRingOptions(20, 8_388_609, HashFunction.XX_HASH))
                .hasMessageContaining("8388609");
    }

    private static HashRouter ring(int firstPort, HashFunction function) {
        return HashRouters.envoyRing(
                IntStream.range(0, 6)
                        .mapToObj(i -> new Member("127.0.0.1:" + (firstPort + i), 1))
                        .toList(),
                new EnvoyRingOptions(12, 8_388_608, function));
    }
}
