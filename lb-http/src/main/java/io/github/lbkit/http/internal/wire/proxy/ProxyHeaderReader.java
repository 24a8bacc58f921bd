package io.github.lbkit.http.internal.wire.proxy;

import io.github.lbkit.http.internal.wire.BadMessageException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A strict reader of PROXY headers of both versions. Stateless. */
public final class ProxyHeaderReader {
    /** The maximum number of bytes of a header. */
    public static final int MAX_LENGTH = Version2Reader.MAX_LENGTH;

    private ProxyHeaderReader() {}

    /**
     * Reads the header at the beginning of a connection. After more bytes have come, the header is read again from its
     * first byte. No byte after the header is read.
     *
     * @param from the position of the first byte of the connection
     * @return the header; null while it is incomplete
     * @throws BadMessageException if the bytes cannot become a header, or the header is too long
     */
    public static @Nullable ProxyHeader read(byte[] bytes, int from, int to) throws BadMessageException {
        if (from == to) {
            return null;
        }
        return bytes[from] == Version2Reader.SIGNATURE.charAt(0)
                ? Version2Reader.read(bytes, from, to)
                : Version1Reader.read(bytes, from, to);
    }

    /** Checks that the bytes begin with this text of ISO-8859-1, as far as they have come. */
    static void requireBeginning(String text, byte[] bytes, int from, int to) throws BadMessageException {
        int known = Math.min(text.length(), to - from);
        String begin = new String(bytes, from, known, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(begin)) {
            throw BadMessageException.malformed("no PROXY header at the beginning of the connection");
        }
    }
}
