package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;

/** The framing of chunks (RFC 9112 7.1), without extensions. Stateless. */
public final class ChunkEncoder {
    /** The most bytes that a chunk's header takes. */
    public static final int MAX_HEADER = 10;

    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private ChunkEncoder() {}

    /**
     * Writes what stands before a chunk's data.
     *
     * @param length of the data, at least 1: an empty chunk would end the body
     * @return where the data begins
     */
    public static int writeHeader(byte[] out, int at, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("length " + length + " is not positive");
        }
        int end = writeHex(out, at, length);
        out[end] = '\r';
        out[end + 1] = '\n';
        return end + 2;
    }

    /** Puts a chunk of these bytes; nothing if there are none. */
    public static void putChunk(ByteSink out, byte[] bytes, int from, int to) {
        if (to > from) {
            out.putHex(to - from).crlf().put(bytes, from, to).put(LINE_END);
        }
    }

    /** Puts the end of a body without trailers. */
    public static void putLastChunk(ByteSink out) {
        out.put(LAST_CHUNK);
    }

    /** Writes a number from 0 on; returns where it ends. */
    static int writeHex(byte[] out, int at, int number) {
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(number)) / 4);
        for (int i = 0; i < digits; i++) {
            out[at + i] = DIGITS[(number >>> (4 * (digits - 1 - i))) & 0xf];
        }
        return at + digits;
    }
}
