package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.Octets;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * A generator of request ids: 128 random bits in hexadecimal digits. Ids are unique but not secret: from some ids,
 * others can be guessed. One generator for each event loop; confined to one thread.
 */
public final class RequestIds {
    /** The longest id that is accepted from a client, in bytes. */
    static final int MAX_LENGTH = 128;

    private final SplittableRandom random;

    /** Creates a generator with this source of randomness. */
    public RequestIds(SplittableRandom random) {
        this.random = random;
    }

    /** Returns a generator with a source of randomness of its own, whose seed is unpredictable. */
    public static RequestIds withRandomSeed() {
        return new RequestIds(new SplittableRandom(new SecureRandom().nextLong()));
    }

    /** Returns whether a client's id is acceptable: {@code [A-Za-z0-9._-]{1,128}}. */
    static boolean isAcceptable(byte[] bytes, int from, int to) {
        if (to == from || to - from > MAX_LENGTH) {
            return false;
        }
        for (int at = from; at < to; at++) {
            int lower = bytes[at] | 0x20;
            if (!(lower >= 'a' && lower <= 'z')
                    && !Octets.isDigit(bytes[at])
                    && bytes[at] != '.'
                    && bytes[at] != '_'
                    && bytes[at] != '-') {
                return false;
            }
        }
        return true;
    }

    /** Writes a new id; returns the position after it. */
    int write(byte[] out, int at) {
        int middle = Octets.writeHex(out, at, random.nextLong(), Long.BYTES * 2);
        return Octets.writeHex(out, middle, random.nextLong(), Long.BYTES * 2);
    }
}
