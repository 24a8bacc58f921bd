package io.github.lbkit.hashing;

import com.google.common.hash.Funnel;
import com.google.common.hash.HashFunction;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.hashing.internal.hash.AssignmentKeyHash;
import io.github.lbkit.hashing.internal.hash.GuavaKeyHash;
import io.github.lbkit.hashing.internal.hash.KetamaKeyHash;
import io.github.lbkit.hashing.internal.hash.Latin1Characters;
import io.github.lbkit.hashing.internal.hash.OneAtATime;
import io.github.lbkit.hashing.internal.hash.XxHash64;
import io.github.lbkit.hashing.internal.hash.Xxh3;
import java.util.function.ToLongFunction;

/** The key hashes by name, and Guava's hash functions as key hashes. All are immutable and thread-safe. */
public final class KeyHashes {
    private KeyHashes() {}

    /**
     * The default: XXH3 of 64 bits with seed 0 over the key's UTF-16 code units, the low byte of each first, as hash4j
     * computes it; without allocation. The same characters give the same hash whatever holds them, on every JVM and in every
     * release.
     *
     * <p>Not keyed: who may choose keys can choose them to collide, and so to hit one server. Where that matters, use a
     * keyed function, such as Guava's {@code Hashing.sipHash24(k0, k1)} through {@link #of(String, HashFunction)}.
     */
    public static KeyHash xxh3() {
        return Xxh3.INSTANCE;
    }

    /**
     * A key of several parts, as the number for {@link Key#of(long)}: XXH3 over the hashes of the parts, in their order.
     * {@code ("ab", "c")} is another key than {@code ("a", "bc")}, and either than the key {@code "abc"}.
     */
    public static long composite(CharSequence... parts) {
        return Xxh3.composite(parts);
    }

    /**
     * Bytes as characters, for {@link Key#of(CharSequence)}: each is the character of its number from 0 to 255. So a key that
     * comes as bytes of ASCII or Latin-1 goes where the same characters in a string go, under every key hash. Nothing is
     * copied: the bytes must not change while the key is in use.
     *
     * @throws IndexOutOfBoundsException if the range is not within the bytes
     */
    public static CharSequence characters(byte[] bytes, int start, int length) {
        return new Latin1Characters(bytes, start, length);
    }

    /**
     * xxHash64 with seed 0 over the key's UTF-8 bytes: Envoy's hash of a header or a cookie. Allocates only for keys that
     * are not ASCII, and for numbers, which count as their decimal digits.
     */
    public static KeyHash xxHash64() {
        return XxHash64.INSTANCE;
    }

    /**
     * The key hash of memcached's clients: the first four bytes of the MD5 of the key's UTF-8 bytes, the lowest first, as a
     * number of 32 bits. For {@link HashRouters#ketama} alone: other routers look at the high bits. Allocates.
     */
    public static KeyHash ketama() {
        return KetamaKeyHash.INSTANCE;
    }

    /**
     * Jenkins' one-at-a-time hash of 32 bits over the key's UTF-8 bytes: libmemcached's hash unless its options name
     * another. For {@link HashRouters#ketama(java.util.Collection, KetamaClient)} with {@link KetamaClient#LIBMEMCACHED}
     * alone: other routers look at the high bits. Allocates.
     */
    public static KeyHash oneAtATime() {
        return OneAtATime.INSTANCE;
    }

    /**
     * Returns the numbering of requests of the course assignment, for {@link HashRouters#assignment}. A key of 1 to 18
     * digits is the number itself. Any other key gets the number 100000 + hash mod 900000, and a request without a key
     * gets a random number of six digits.
     */
    public static KeyHash assignment() {
        return AssignmentKeyHash.INSTANCE;
    }

    /**
     * A Guava function over the key's UTF-8 bytes. Its name in fingerprints is Guava's name of the function and a checksum of
     * its answers: functions with different seeds or keys have different names, the same on every JVM, and no name shows a
     * key.
     */
    public static KeyHash of(HashFunction function) {
        return of(GuavaKeyHash.nameOf(function), function);
    }

    /**
     * A Guava function over the key's UTF-8 bytes; a number counts as its 8 bytes, the lowest first. The result is the
     * function's first 64 bits as they are; fewer are mixed into 64. Most of Guava's functions allocate.
     *
     * @param name names the function in fingerprints; balancers that must agree use one name for one function
     */
    public static KeyHash of(String name, HashFunction function) {
        return new GuavaKeyHash(name, function);
    }

    /**
     * Any object's hash by way of a Guava funnel, as the number for {@link Key#of(long)}; fewer than 64 bits are padded
     * with zeros, since the routing of numbers mixes them.
     */
    public static <T> ToLongFunction<T> of(HashFunction function, Funnel<? super T> funnel) {
        return object -> function.hashObject(object, funnel).padToLong();
    }
}
