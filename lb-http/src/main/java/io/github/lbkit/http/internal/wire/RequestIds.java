package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Gives new request ids: 128 random bits in hexadecimal digits. They are unique, not secret: whoever sees some can guess
 * others. One for each loop; confined to one thread.
 */
public final class RequestIds {
    /** The longest id that is taken over from a client. */
    static final int MAX_LENGTH = 128;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SplittableRandom random;

    /** Ids from this source. */
    public RequestIds(SplittableRandom random) {
        this.random = random;
    }

    /** Ids from a source of its own that starts where nobody can tell. */
    public static RequestIds unpredictablySeeded() {
        return new RequestIds(new SplittableRandom(new SecureRandom().nextLong()));
    }

    /** Whether a client's id can be taken over: {@code [A-Za-z0-9._-]{1,128}}. */
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

    /** Writes a new id; returns where it ends. */
    int write(byte[] out, int at) {
        return hex(hex(at, out, random.nextLong()), out, random.nextLong());
    }

    private static int hex(int at, byte[] out, long bits) {
        for (int i = 0; i < 16; i++) {
            out[at + i] = DIGITS[(int) (bits >>> (60 - 4 * i)) & 0xf];
        }
        return at + 16;
    }
}
