package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;

/** The rule of Max-Forwards (RFC 9110 7.6.2): how many more proxies an OPTIONS or TRACE may pass. Stateless. */
public final class MaxForwards {
    /** No number holds: another method, no field, or a field that is no number, which goes on as it came. */
    public static final long NONE = -1;

    private static final byte[] NAME = "Max-Forwards: ".getBytes(StandardCharsets.US_ASCII);

    private MaxForwards() {}

    /** Returns how many more proxies the request may pass, the smallest of several numbers; 0 if this proxy is to answer. */
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

    /** Puts a field line with one less. */
    static void put(long number, ByteSink out) {
        out.put(NAME).putDecimal(Math.max(0, number - 1)).crlf();
    }

    /** A number beyond the range of long is the largest long. */
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
