package io.github.lbkit.http.internal.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The character classes of RFC 9110 and RFC 3986, and scans over them. Stateless. */
final class Octets {
    static final int TOKEN = 1;
    static final int VALUE = 2;
    static final int TARGET = 4;
    static final int HOST = 8;
    static final int QUOTED = 16;

    private static final byte[] CLASSES = new byte[256];
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;

    static {
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            int classes = 0;
            classes |= alphanumeric || among("!#$%&'*+-.^_`|~", c) ? TOKEN : 0;
            classes |= c == '\t' || (c >= ' ' && c != 0x7f) ? VALUE : 0;
            classes |= c > ' ' && c < 0x7f && c != '#' ? TARGET : 0;
            classes |= alphanumeric || among("-._~!$&'()*+,;=", c) ? HOST : 0;
            classes |= c == '\t' || (c >= ' ' && c != 0x7f && c != '"' && c != '\\') ? QUOTED : 0;
            CLASSES[c] = (byte) classes;
        }
    }

    private Octets() {}

    private static boolean among(String characters, int c) {
        return characters.indexOf(c) >= 0;
    }

    /** Whether the byte belongs to a class. */
    static boolean is(byte b, int aClass) {
        return (CLASSES[b & 0xff] & aClass) != 0;
    }

    /** The first position from here that holds no byte of the class, or the end. */
    static int skip(byte[] bytes, int from, int to, int aClass) {
        int at = from;
        while (at < to && (CLASSES[bytes[at] & 0xff] & aClass) != 0) {
            at++;
        }
        return at;
    }

    /** {@link #skip} over {@link #VALUE}, eight bytes at a time. */
    static int skipValue(byte[] bytes, int from, int to) {
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

    /** Whether no byte of the word is a control character. May say no where a byte is above 0x7f beside one. */
    private static boolean isPlain(long word) {
        long deleted = word ^ (ONES * 0x7f);
        long below = (word - ONES * ' ') & ~word;
        long equal = (deleted - ONES) & ~deleted;
        return ((below | equal) & HIGH_BITS) == 0;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        if (isDigit(b)) {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Whether the bytes are this ASCII text, but for the case of letters. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, String text) {
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

    /** Whether two runs of bytes are the same but for the case of ASCII letters. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
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

    /** The byte, an ASCII letter in lower case. */
    static int lower(byte b) {
        return lower((char) (b & 0xff));
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }
}
