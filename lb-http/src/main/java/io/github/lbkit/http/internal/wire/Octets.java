package io.github.lbkit.http.internal.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The character classes of RFC 9110 and RFC 3986, with scans over them and hexadecimal digits. Stateless. */
public final class Octets {
    public static final int TOKEN = 1;
    public static final int VALUE = 2;
    public static final int TARGET = 4;
    public static final int HOST = 8;
    public static final int QUOTED = 16;

    private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLASSES = new byte[256];
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;

    static {
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            int classes = 0;
            classes |= alphanumeric || isAmong("!#$%&'*+-.^_`|~", c) ? TOKEN : 0;
            classes |= c == '\t' || (c >= ' ' && c != 0x7f) ? VALUE : 0;
            classes |= c > ' ' && c < 0x7f && c != '#' ? TARGET : 0;
            classes |= alphanumeric || isAmong("-._~!$&'()*+,;=", c) ? HOST : 0;
            classes |= c == '\t' || (c >= ' ' && c != 0x7f && c != '"' && c != '\\') ? QUOTED : 0;
            CLASSES[c] = (byte) classes;
        }
    }

    private Octets() {}

    private static boolean isAmong(String characters, int c) {
        return characters.indexOf(c) >= 0;
    }

    /** Returns whether the byte is in a class. */
    public static boolean is(byte b, int aClass) {
        return (CLASSES[b & 0xff] & aClass) != 0;
    }

    /** Returns the position of the first byte that is not in the class; the end if there is none. */
    public static int skip(byte[] bytes, int from, int to, int aClass) {
        int at = from;
        while (at < to && (CLASSES[bytes[at] & 0xff] & aClass) != 0) {
            at++;
        }
        return at;
    }

    /** Does the same as {@link #skip} for {@link #VALUE}, eight bytes at a time. */
    public static int skipValue(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            while (at + Long.BYTES <= to && isPlain((long) WORD.get(bytes, at))) {
                at += Long.BYTES;
            }
            int end = Math.min(to, at + Long.BYTES);
            at = skip(bytes, at, end, VALUE);
            if (at < end) {
                return at;
            }
        }
        return at;
    }

    /** Returns whether no byte of the word is a control character. May return false if a byte is above 0x7f. */
    private static boolean isPlain(long word) {
        long deleted = word ^ (ONES * 0x7f);
        long below = (word - ONES * ' ') & ~word;
        long equal = (deleted - ONES) & ~deleted;
        return ((below | equal) & HIGH_BITS) == 0;
    }

    /** Returns whether the byte is a decimal digit. */
    public static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Returns whether the byte is a space or a tab. */
    public static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Returns the value of a hexadecimal digit; −1 if the byte is none. */
    public static int hex(byte b) {
        if (isDigit(b)) {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Returns whether the bytes are this ASCII text, in any case. */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (lower(bytes[from + i]) != lower(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether two ranges of bytes are equal, in any case of ASCII letters. */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the byte, with an ASCII letter in lower case. */
    static int lower(byte b) {
        return lower((char) (b & 0xff));
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }

    /**
     * Writes a number from 0 on in lower-case hexadecimal digits without leading zeros; returns the position after it.
     */
    public static int writeHex(byte[] out, int at, int number) {
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(number)) / 4);
        return writeHex(out, at, number, digits);
    }

    /** Writes the lowest digits of a number, in lower-case hexadecimal digits; returns the position after them. */
    public static int writeHex(byte[] out, int at, long number, int digits) {
        for (int i = 0; i < digits; i++) {
            out[at + i] = HEX_DIGITS[(int) (number >>> (4 * (digits - 1 - i))) & 0xf];
        }
        return at + digits;
    }
}
