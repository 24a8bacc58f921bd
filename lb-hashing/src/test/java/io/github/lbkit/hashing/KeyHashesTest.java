package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Funnels;
import com.google.common.hash.Hashing;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.testkit.Frequencies;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.function.ToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHashesTest {
    private static final KeyHash FOLD = KeyHashes.fold();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""|-7571749341426669008
            "a"|6252265298672247938
            "abc"|4681989983145462621
            "abcd"|6526684953766747673
            "user:1"|3455248082936101691
            "abcdefgh"|4998768915450164425
            "abcdefghi"|1060861147174107954
            "/a/path/of/some/length?with=query"|-4042463221935780560
            "ключ €"|-5787167876179730266
            """)
    void fold_gives_what_it_always_gave(String key, long hash) {
        assertThat(FOLD.hash(key)).isEqualTo(hash);
    }

    @Property(tries = 500)
    void fold_does_not_ask_what_kind_of_characters_it_gets(@ForAll String key) {
        long hash = FOLD.hash(key);

        assertThat(FOLD.hash(builder(key))).isEqualTo(hash);
        assertThat(FOLD.hash(CharBuffer.wrap("x" + key + "y").subSequence(1, key.length() + 1)))
                .isEqualTo(hash);
    }

    @Test
    void fold_tells_lengths_apart() {
        Map<Long, Integer> seen = new TreeMap<>();
        for (int length = 0; length < 100; length++) {
            assertThat(seen.put(FOLD.hash("\0".repeat(length)), length)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:%d", "%d", "/items/%d/details-of-something-long", "%08x", "10.0.%d.7:443"})
    void fold_spreads_keys_that_are_alike(String pattern) {
        assertSpread(i -> FOLD.hash(String.format(Locale.ROOT, pattern, i)));
    }

    @Test
    void a_change_of_one_bit_of_a_key_changes_half_of_the_hash() {
        SplittableRandom random = new SplittableRandom(11);
        long flipped = 0;
        int trials = 0;
        for (int length = 1; length <= 40; length++) {
            for (int i = 0; i < 500; i++) {
                char[] key = random.ints(length, 32, 127)
                        .collect(StringBuilder::new, (b, c) -> b.append((char) c), StringBuilder::append)
                        .toString()
                        .toCharArray();
                long before = FOLD.hash(CharBuffer.wrap(key));
                key[random.nextInt(length)] ^= (char) (1 << random.nextInt(16));
                flipped += Long.bitCount(before ^ FOLD.hash(CharBuffer.wrap(key)));
                trials++;
            }
        }

        // the mean of `trials` draws of 64 fair bits, within seven of its standard deviations
        assertThat((double) flipped / trials).isBetween(32 - 7 * 4 / Math.sqrt(trials), 32 + 7 * 4 / Math.sqrt(trials));
    }

    @Test
    void numbers_in_a_row_are_spread_too() {
        assertSpread(i -> FOLD.hash((long) i));
    }

    @Test
    void a_guava_function_hashes_the_bytes_of_utf_8() {
        KeyHash murmur = KeyHashes.of(Hashing.murmur3_128());

        assertThat(murmur.hash("ключ"))
                .isEqualTo(Hashing.murmur3_128()
                        .hashBytes("ключ".getBytes(StandardCharsets.UTF_8))
                        .asLong());
        assertThat(murmur.hash(builder("ключ"))).isEqualTo(murmur.hash("ключ"));
        assertThat(murmur.hash(7)).isEqualTo(Hashing.murmur3_128().hashLong(7).asLong());
        assertThat(murmur.name()).isEqualTo("Hashing.murmur3_128(0)");
    }

    @Test
    void a_guava_function_of_32_bits_fills_64() {
        KeyHash narrow = KeyHashes.of(Hashing.murmur3_32_fixed());

        assertSpread(i -> narrow.hash("user:" + i));
    }

    @Test
    void a_keyed_function_is_known_by_the_name_it_is_given() {
        KeyHash keyed = KeyHashes.of("siphash of site A", Hashing.sipHash24(1, 2));

        assertThat(keyed.name()).isEqualTo("siphash of site A");
        assertThat(keyed.hash("x"))
                .isEqualTo(Hashing.sipHash24(1, 2)
                        .hashString("x", StandardCharsets.UTF_8)
                        .asLong());
    }

    @Test
    void objects_are_hashed_by_a_funnel() {
        ToLongFunction<Iterable<? extends Integer>> hash =
                KeyHashes.of(Hashing.farmHashFingerprint64(), Funnels.sequentialFunnel(Funnels.integerFunnel()));
        ToLongFunction<Integer> narrow = KeyHashes.of(Hashing.murmur3_32_fixed(), Funnels.integerFunnel());

        assertThat(hash.applyAsLong(List.of(1, 2))).isEqualTo(hash.applyAsLong(new ArrayList<>(List.of(1, 2))));
        assertThat(hash.applyAsLong(List.of(1, 2))).isNotEqualTo(hash.applyAsLong(List.of(2, 1)));
        assertThat(narrow.applyAsLong(5))
                .isEqualTo(Hashing.murmur3_32_fixed().hashInt(5).padToLong());
    }

    @Test
    void the_assignment_takes_digits_as_the_number() {
        KeyHash keys = HashRouters.assignmentKeys();

        assertThat(keys.hash("0")).isZero();
        assertThat(keys.hash("000123")).isEqualTo(123);
        assertThat(keys.hash("999999999999999999")).isEqualTo(999_999_999_999_999_999L);
        assertThat(keys.hash(123_456)).isEqualTo(123_456);
    }

    @Property(tries = 500)
    void the_assignment_gives_any_other_key_six_digits(@ForAll String key, @ForAll long number) {
        KeyHash keys = HashRouters.assignmentKeys();

        if (!key.matches("[0-9]{1,18}")) {
            assertThat(keys.hash(key)).isBetween(100_000L, 999_999L);
        }
        assertThat(keys.hash(number)).isEqualTo(keys.hash(Long.toString(number)));
        assertThat(keys.drawn(number)).isBetween(100_000L, 999_999L);
    }

    private static CharSequence builder(String characters) {
        StringBuilder builder = new StringBuilder();
        builder.append(characters);
        return builder;
    }

    private static void assertSpread(IntToLongFunction hashes) {
        Frequencies buckets = new Frequencies();
        Frequencies lowBuckets = new Frequencies();
        Map<String, Double> even = new TreeMap<>();
        for (int i = 0; i < 1024; i++) {
            even.put(Integer.toString(i), 1 / 1024.0);
        }
        for (int i = 0; i < 150_000; i++) {
            long value = hashes.applyAsLong(i);
            buckets.count(Long.toString(value >>> 54));
            lowBuckets.count(Long.toString(value & 1023));
        }

        buckets.assertFit(even);
        lowBuckets.assertFit(even);
    }
}
