package io.github.lbkit.http.internal.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.internal.wire.BadMessageException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A seeded fuzzer of PROXY headers: valid ones with changed, inserted and removed bytes. */
class ProxyHeaderFuzzTest {
    private static final int INPUTS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_mutated_header_is_read_or_refused_and_the_same_with_bytes_behind_it(long seed) throws UnknownHostException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = mutated(header(random), random);
            String name = "seed " + seed + " input " + i + ": " + Arrays.toString(input);
            Object alone = read(input, name);
            Object withMore = read(Arrays.copyOf(input, input.length + 5), name);
            if (alone instanceof ProxyHeader) {
                assertThat(withMore).as(name).isEqualTo(alone);
            }
            if (i % 100 == 0) {
                ProxyHeaderTest.requireWithin(input);
            }
        }
    }

    private static @Nullable Object read(byte[] input, String name) {
        try {
            return ProxyHeaderReader.read(input, 0, input.length);
        } catch (BadMessageException e) {
            return e.reason();
        } catch (RuntimeException e) {
            throw new AssertionError(name, e);
        }
    }

    private static byte[] header(SplittableRandom random) throws UnknownHostException {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        InetSocketAddress source = new InetSocketAddress(InetAddress.getByAddress(address), random.nextInt(65_536));
        ProxyProtocol version = random.nextBoolean() ? ProxyProtocol.V1 : ProxyProtocol.V2;
        return ProxyHeaderWriter.write(version, random.nextInt(8) == 0 ? null : new ProxyAddresses(source, source));
    }

    private static byte[] mutated(byte[] header, SplittableRandom random) {
        byte[] result = header;
        for (int i = random.nextInt(4); i >= 0 && result.length > 0; i--) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(4)) {
                case 0 -> result[at] = (byte) random.nextInt();
                case 1 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> {
                    byte[] longer = Arrays.copyOf(result, result.length + 1 + random.nextInt(8));
                    System.arraycopy(result, at, longer, longer.length - (result.length - at), result.length - at);
                    result = longer;
                }
                default -> {
                    byte[] shorter = Arrays.copyOf(result, result.length - 1);
                    System.arraycopy(result, at + 1, shorter, at, result.length - at - 1);
                    result = shorter;
                }
            }
        }
        return result;
    }
}
