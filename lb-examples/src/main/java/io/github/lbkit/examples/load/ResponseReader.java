package io.github.lbkit.examples.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * An incremental reader of HTTP/1.1 responses, which keeps the first 4 KiB of each body. It detects answers that are
 * not HTTP/1.1. Confined to one thread.
 */
final class ResponseReader {
    private static final int MAX_KEPT = 4096;
    private static final int MAX_LINE = 16 << 10;

    /** The part of the response that is read next. */
    private enum Part {
        STATUS,
        FIELD,
        BODY,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        COMPLETE
    }

    /** A violation of HTTP/1.1. */
    static final class ProtocolException extends Exception {
        private static final long serialVersionUID = 1L;

        ProtocolException(String what) {
            super(what, null, false, false);
        }
    }

    private final byte[] line = new byte[MAX_LINE];
    private final byte[] kept = new byte[MAX_KEPT];
    private Part part = Part.STATUS;
    private int lineLength;
    private int keptLength;
    private int status;
    private long left;
    private boolean framed;
    private boolean chunked;
    private boolean closes;

    /** Reads bytes; returns true when the response is complete, and leaves the bytes after it in the buffer. */
    boolean read(ByteBuffer bytes) throws ProtocolException {
        while (part != Part.COMPLETE && bytes.hasRemaining()) {
            switch (part) {
                case BODY, UNTIL_CLOSE, CHUNK -> body(bytes);
                default -> {
                    if (completesLine(bytes.get())) {
                        String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
                        lineLength = 0;
                        take(text);
                    }
                }
            }
        }
        return part == Part.COMPLETE;
    }

    /** Handles the end of the connection; returns whether it completes the response. */
    boolean end() {
        return part == Part.UNTIL_CLOSE;
    }

    int status() {
        return status;
    }

    byte[] body() {
        return kept;
    }

    int bodyLength() {
        return keptLength;
    }

    /** Returns whether the connection ends after this response. */
    boolean closes() {
        return closes;
    }

    void reset() {
        part = Part.STATUS;
        lineLength = 0;
        keptLength = 0;
        left = 0;
        framed = false;
        chunked = false;
        closes = false;
    }

    private boolean completesLine(byte next) throws ProtocolException {
        if (next == '\n') {
            if (lineLength == 0 || line[lineLength - 1] != '\r') {
                throw new ProtocolException("a line without CR");
            }
            lineLength--;
            return true;
        }
        if (lineLength == MAX_LINE) {
            throw new ProtocolException("a line of more than " + MAX_LINE + " bytes");
        }
        line[lineLength] = next;
        lineLength++;
        return false;
    }

    private void take(String text) throws ProtocolException {
        switch (part) {
            case STATUS -> status(text);
            case FIELD -> {
                if (text.isEmpty()) {
                    headEnds();
                } else {
                    field(text);
                }
            }
            case CHUNK_SIZE -> {
                left = number(text.split(";", 2)[0].strip(), 16);
                part = left == 0 ? Part.TRAILER : Part.CHUNK;
            }
            case CHUNK_END -> {
                if (!text.isEmpty()) {
                    throw new ProtocolException("a chunk that is longer than its size");
                }
                part = Part.CHUNK_SIZE;
            }
            default -> part = text.isEmpty() ? Part.COMPLETE : Part.TRAILER;
        }
    }

    private void status(String text) throws ProtocolException {
        if (!text.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
            throw new ProtocolException("'" + text + "' is not a status line");
        }
        status = Integer.parseInt(text, 9, 12, 10);
        closes = text.startsWith("HTTP/1.0");
        part = Part.FIELD;
    }

    private void field(String text) throws ProtocolException {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new ProtocolException("'" + text + "' is not a field");
        }
        String value = text.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
        switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "content-length" -> {
                long length = number(value, 10);
                if (framed && length != left) {
                    throw new ProtocolException("two different lengths");
                }
                framed = true;
                left = length;
            }
            case "transfer-encoding" -> chunked = value.endsWith("chunked");
            case "connection" ->
                closes |= Arrays.asList(value.split("\\s*,\\s*", -1)).contains("close");
            default -> {
                // irrelevant for the end of the response
            }
        }
    }

    private void headEnds() {
        if (status < 200) {
            boolean closing = closes;
            reset();
            closes = closing;
        } else if (chunked) {
            part = Part.CHUNK_SIZE;
        } else if (framed || status == 204 || status == 304) {
            part = left == 0 || status == 204 || status == 304 ? Part.COMPLETE : Part.BODY;
        } else {
            closes = true;
            part = Part.UNTIL_CLOSE;
        }
    }

    private void body(ByteBuffer bytes) {
        int take = part == Part.UNTIL_CLOSE ? bytes.remaining() : (int) Math.min(left, bytes.remaining());
        int keep = Math.min(take, MAX_KEPT - keptLength);
        bytes.get(kept, keptLength, keep);
        bytes.position(bytes.position() + take - keep);
        keptLength += keep;
        if (part != Part.UNTIL_CLOSE) {
            left -= take;
            if (left == 0) {
                part = part == Part.CHUNK ? Part.CHUNK_END : Part.COMPLETE;
            }
        }
    }

    private static long number(String text, int radix) throws ProtocolException {
        if (!text.matches(radix == 10 ? "\\d{1,18}" : "[0-9a-fA-F]{1,15}")) {
            throw new ProtocolException("'" + text + "' is not a length");
        }
        return Long.parseLong(text, radix);
    }
}
