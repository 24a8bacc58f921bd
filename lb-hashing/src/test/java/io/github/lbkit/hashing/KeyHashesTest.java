package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Funnels;
import com.google.common.hash.HashFunction;
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
    private static final KeyHash XXH3 = KeyHashes.xxh3();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""|3244421341483603138
            "a"|970730967732026843
            "abc"|7481124173643337706
            "abcd"|-9011554945434013805
            "user:1"|5229158843459619840
            "abcdefgh"|2387724968855560996
            "abcdefghi"|1905462550880628258
            "/a/path/of/some/length?with=query"|7728499040551287554
            "ключ €"|7015185683082044707
            """)
    void xxh3_has_fixed_hashes(String key, long hash) {
        assertThat(XXH3.hash(key)).isEqualTo(hash);
    }

    @Property(tries = 500)
    void xxh3_does_not_depend_on_the_type_of_sequence(@ForAll String key) {
        long hash = XXH3.hash(key);

        assertThat(XXH3.hash(builder(key))).isEqualTo(hash);
        assertThat(XXH3.hash(CharBuffer.wrap("x" + key + "y").subSequence(1, key.length() + 1)))
                .isEqualTo(hash);
    }

    @Test
    void xxh3_distinguishes_lengths() {
        Map<Long, Integer> seen = new TreeMap<>();
        for (int length = 0; length < 100; length++) {
            assertThat(seen.put(XXH3.hash("\0".repeat(length)), length)).isNull();
        }
    }

    /** The published XXH3 over the bytes that hash4j reads from the characters. */
    @Property(tries = 200)
    void xxh3_is_that_of_the_bytes_of_utf_16(@ForAll String key) {
        byte[] bytes = new byte[2 * key.length()];
        for (int i = 0; i < key.length(); i++) {
            bytes[2 * i] = (byte) key.charAt(i);
            bytes[2 * i + 1] = (byte) (key.charAt(i) >>> 8);
        }

        assertThat(XXH3.hash(key))
                .isEqualTo(com.dynatrace.hash4j.hashing.Hashing.xxh3_64().hashBytesToLong(bytes));
    }

    @Property(tries = 200)
    void bytes_have_the_hash_of_their_characters(@ForAll byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        CharSequence same = KeyHashes.characters(bytes, 0, bytes.length);

        assertThat(same).hasToString(text).hasSameSizeAs(text);
        for (KeyHash hash : List.of(XXH3, KeyHashes.xxHash64(), KeyHashes.ketama(), KeyHashes.assignment())) {
            assertThat(hash.hash(same)).as(hash.name()).isEqualTo(hash.hash(text));
        }
        assertThat(XXH3.hash(KeyHashes.characters(
                        ("<" + text + ">").getBytes(StandardCharsets.ISO_8859_1), 1, bytes.length)))
                .isEqualTo(XXH3.hash(text));
    }

    @Test
    void bytes_out_of_range_are_refused() {
        byte[] bytes = {1, 2, 3};

        assertThatThrownBy(() -> KeyHashes.characters(bytes, 1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        CharSequence two = KeyHashes.characters(bytes, 0, 2);
        assertThatThrownBy(() -> two.charAt(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> two.subSequence(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @CsvSource({"tenant 7, 42, -5806681014887248483", "'', '', -8277126185316091742"})
    void a_key_of_two_parts_has_a_fixed_hash(String first, String second, long hash) {
        assertThat(KeyHashes.composite(first, second)).isEqualTo(hash);
        assertThat(KeyHashes.composite(builder(first), CharBuffer.wrap(second))).isEqualTo(hash);
    }

    @Test
    void parts_are_distinguished() {
        assertThat(List.of(
                        KeyHashes.composite("ab", "c"),
                        KeyHashes.composite("a", "bc"),
                        KeyHashes.composite("c", "ab"),
                        KeyHashes.composite("abc"),
                        KeyHashes.composite("abc", ""),
                        KeyHashes.composite("", "abc"),
                        KeyHashes.composite(),
                        XXH3.hash("abc")))
                .doesNotHaveDuplicates();
        assertSpread(i -> KeyHashes.composite("tenant " + i / 1000, Integer.toString(i % 1000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:%d", "%d", "/items/%d/details-of-something-long", "%08x", "10.0.%d.7:443"})
    void xxh3_spreads_similar_keys(String pattern) {
        assertSpread(i -> XXH3.hash(String.format(Locale.ROOT, pattern, i)));
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
                long before = XXH3.hash(CharBuffer.wrap(key));
                key[random.nextInt(length)] ^= (char) (1 << random.nextInt(16));
                flipped += Long.bitCount(before ^ XXH3.hash(CharBuffer.wrap(key)));
                trials++;
            }
        }

        // the mean of `trials` draws of 64 fair bits, within seven of its standard deviations
        assertThat((double) flipped / trials).isBetween(32 - 7 * 4 / Math.sqrt(trials), 32 + 7 * 4 / Math.sqrt(trials));
    }

    @Test
    void numbers_in_a_row_are_spread_too() {
        assertSpread(i -> XXH3.hash((long) i));
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
        assertThat(murmur.name()).isEqualTo("Hashing.murmur3_128 with checksum 7e725be4a66fe017");
    }

    @Test
    void guava_functions_are_named_by_a_checksum_and_no_name_reveals_a_key() {
        List<HashFunction> functions = List.of(
                Hashing.murmur3_128(),
                Hashing.murmur3_128(1),
                Hashing.sipHash24(17, 4242),
                Hashing.sipHash24(17, 4243),
                Hashing.hmacSha256(new byte[] {1}),
                Hashing.hmacSha256(new byte[] {2}),
                Hashing.concatenating(Hashing.crc32(), Hashing.crc32c()),
                Hashing.concatenating(Hashing.crc32c(), Hashing.crc32()));

        List<String> names = functions.stream().map(f -> KeyHashes.of(f).name()).toList();

        assertThat(names)
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).doesNotContain("424").doesNotContain("@"));
        assertThat(KeyHashes.of(Hashing.concatenating(Hashing.crc32(), Hashing.crc32c()))
                        .name())
                .isEqualTo(names.get(6));
    }

    @ParameterizedTest
    @CsvSource({"a, 3392050242", "'', 0", "The quick brown fox jumps over the lazy dog, 1369346549"})
    void one_at_a_time_has_its_published_hashes(String key, long hash) {
        assertThat(KeyHashes.oneAtATime().hash(key)).isEqualTo(hash);
    }

    @Test
    void a_guava_function_of_32_bits_fills_64() {
        KeyHash narrow = KeyHashes.of(Hashing.murmur3_32_fixed());

        assertSpread(i -> narrow.hash("user:" + i));
    }

    @Test
    void a_keyed_function_has_the_given_name() {
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
        KeyHash keys = KeyHashes.assignment();

        assertThat(keys.hash("0")).isZero();
        assertThat(keys.hash("000123")).isEqualTo(123);
        assertThat(keys.hash("999999999999999999")).isEqualTo(999_999_999_999_999_999L);
        assertThat(keys.hash(123_456)).isEqualTo(123_456);
    }

    @Property(tries = 500)
    void the_assignment_gives_any_other_key_six_digits(@ForAll String key, @ForAll long number) {
        KeyHash keys = KeyHashes.assignment();

        if (!key.matches("[0-9]{1,18}")) {
            assertThat(keys.hash(key)).isBetween(100_000L, 999_999L);
        }
        assertThat(keys.hash(number)).isEqualTo(keys.hash(Long.toString(number)));
        assertThat(keys.drawn(number)).isBetween(100_000L, 999_999L);
    }

    /** Characters stored as UTF-16, although a string in Latin-1 is stored as bytes. */
    private static CharSequence builder(String characters) {
        StringBuilder builder = new StringBuilder("€");
        builder.append(characters);
        return builder.deleteCharAt(0);
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
