package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Octets;
import java.nio.charset.StandardCharsets;

/**
 * The rule of Max-Forwards (RFC 9110 7.6.2), which limits the proxies that an OPTIONS or TRACE request passes.
 * Stateless.
 */
public final class MaxForwards {
    /** No limit applies: another method, no field, or a field that is not a number and is forwarded unchanged. */
    public static final long NONE = -1;

    private static final byte[] NAME = "Max-Forwards: ".getBytes(StandardCharsets.US_ASCII);

    private MaxForwards() {}

    /**
     * Returns the number of further proxies that the request may pass; the smallest if there are several numbers. With
     * 0, this proxy answers.
     */
    public static long of(Head head) {
        int field = head.find(FieldName.MAX_FORWARDS);
        if (field < 0 || !(head.methodIs("OPTIONS") || head.methodIs("TRACE"))) {
            return NONE;
        }
        long least = Long.MAX_VALUE;
        for (int i = field; i >= 0; i = head.findNext(FieldName.MAX_FORWARDS, i + 1)) {
            long number = number(head.bytes(), head.valueStart(i), head.valueEnd(i));
            if (number < 0) {
                return NONE;
            }
            least = Math.min(least, number);
        }
        return least;
    }

    /** Appends a field line with the number reduced by one. */
    static void put(long number, ByteSink out) {
        out.put(NAME).putDecimal(Math.max(0, number - 1)).crlf();
    }

    /**
     * Returns the number of a field; {@link #NONE} if it is not a number, and the largest long if it is out of range.
     */
    private static long number(byte[] bytes, int from, int to) {
        long number = from == to ? NONE : 0;
        for (int at = from; at < to; at++) {
            if (!Octets.isDigit(bytes[at])) {
                return NONE;
            }
            int digit = bytes[at] - '0';
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
        }
        return number;
    }
}
