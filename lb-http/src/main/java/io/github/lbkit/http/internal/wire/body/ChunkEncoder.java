package io.github.lbkit.http.internal.wire.body;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Octets;
import java.nio.charset.StandardCharsets;

/** The framing of chunks (RFC 9112 7.1), without extensions. Stateless. */
public final class ChunkEncoder {
    /** The length of the longest chunk header in bytes. */
    public static final int MAX_HEADER = 10;

    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ChunkEncoder() {}

    /**
     * Writes the header of a chunk.
     *
     * @param length the length of the data in bytes, at least 1, because an empty chunk ends the body
     * @return the position of the data
     */
    public static int writeHeader(byte[] out, int at, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("length " + length + " is not positive");
        }
        int end = Octets.writeHex(out, at, length);
        out[end] = '\r';
        out[end + 1] = '\n';
        return end + 2;
    }

    /** Appends a chunk with these bytes; nothing if the range is empty. */
    public static void putChunk(ByteSink out, byte[] bytes, int from, int to) {
        if (to > from) {
            out.putHex(to - from).crlf().put(bytes, from, to).put(LINE_END);
        }
    }

    /** Appends the end of a body without trailers. */
    public static void putLastChunk(ByteSink out) {
        out.put(LAST_CHUNK);
    }
}
