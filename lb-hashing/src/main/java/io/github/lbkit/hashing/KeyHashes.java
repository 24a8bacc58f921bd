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

/** Factories of key hashes, by name and from Guava hash functions. All key hashes are immutable and thread-safe. */
public final class KeyHashes {
    private KeyHashes() {}

    /**
     * Returns the default: XXH3 of 64 bits with seed 0 over the UTF-16 code units of a key in little-endian order,
     * computed by hash4j without allocation. Equal characters have the same hash in any type of sequence, on every JVM
     * and in every release.
     *
     * <p>The function has no secret key: a client that chooses keys can choose keys with one hash, and so overload one
     * server. Where that matters, use a function with a secret key, such as Guava's {@code Hashing.sipHash24(k0, k1)},
     * through {@link #of(String, HashFunction)}.
     */
    public static KeyHash xxh3() {
        return Xxh3.INSTANCE;
    }

    /**
     * Returns a key of several parts as the number for {@link Key#of(long)}: XXH3 over the hashes of the parts, in
     * their order. {@code ("ab", "c")}, {@code ("a", "bc")} and the key {@code "abc"} are three different keys.
     */
    public static long composite(CharSequence... parts) {
        return Xxh3.composite(parts);
    }

    /**
     * Returns a view of bytes as the characters 0 to 255, for {@link Key#of(CharSequence)}. A key in ASCII or Latin-1
     * bytes therefore has the owner of the equal string, with every key hash. The bytes are not copied, so they must
     * not change while the key is in use.
     *
     * @throws IndexOutOfBoundsException if the range is not within the bytes
     */
    public static CharSequence characters(byte[] bytes, int start, int length) {
        return new Latin1Characters(bytes, start, length);
    }

    /**
     * Returns xxHash64 with seed 0 over the UTF-8 bytes of a key: Envoy's hash of a header or a cookie. Allocates only
     * for keys that are not ASCII, and for numbers, which are hashed as their decimal digits.
     */
    public static KeyHash xxHash64() {
        return XxHash64.INSTANCE;
    }

    /**
     * Returns the key hash of memcached clients: the first four bytes of the MD5 digest of a key in UTF-8, as a
     * little-endian number of 32 bits. Only for {@link HashRouters#ketama}: other routers use the high bits of a hash.
     * Allocates.
     */
    public static KeyHash ketama() {
        return KetamaKeyHash.INSTANCE;
    }

    /**
     * Returns Jenkins' one-at-a-time hash of 32 bits over the UTF-8 bytes of a key, the default hash of libmemcached.
     * Only for {@link HashRouters#ketama(java.util.Collection, KetamaClient)} with {@link KetamaClient#LIBMEMCACHED}:
     * other routers use the high bits of a hash. Allocates.
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
     * Returns a Guava function over the UTF-8 bytes of a key. Its name in fingerprints is Guava's name of the function
     * and a checksum over a few of its hashes. Functions with different seeds or secret keys therefore have different
     * names, which are the same on every JVM and do not reveal a secret key.
     */
    public static KeyHash of(HashFunction function) {
        return of(GuavaKeyHash.nameOf(function), function);
    }

    /**
     * Returns a Guava function over the UTF-8 bytes of a key, or over the 8 bytes of a number in little-endian order.
     * The hash is the first 64 bits of the function; a shorter result is mixed into 64 bits. Most Guava functions
     * allocate.
     *
     * @param name the name of the function in fingerprints; balancers that must agree use the same name for it
     */
    public static KeyHash of(String name, HashFunction function) {
        return new GuavaKeyHash(name, function);
    }

    /**
     * Returns a function from objects to numbers for {@link Key#of(long)}, which hashes an object through a Guava
     * funnel. A result of fewer than 64 bits is padded with zeros, because the routing of numbers mixes the bits.
     */
    public static <T> ToLongFunction<T> of(HashFunction function, Funnel<? super T> funnel) {
        return object -> function.hashObject(object, funnel).padToLong();
    }
}
