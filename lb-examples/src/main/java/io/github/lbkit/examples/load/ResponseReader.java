package io.github.lbkit.examples.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads one HTTP/1.1 response after the other, as its bytes come; keeps the first 4 KiB of each body. Strict enough to
 * notice an answer that is none. Confined to one thread.
 */
final class ResponseReader {
    private static final int KEPT = 4096;
    private static final int LONGEST_LINE = 16 << 10;

    /** What is read next. */
    private enum Part {
        STATUS,
        FIELD,
        BODY,
        TO_END,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        WHOLE
    }

    /** An answer that is not HTTP/1.1. */
    static final class WrongAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        WrongAnswer(String what) {
            super(what, null, false, false);
        }
    }

    private final byte[] line = new byte[LONGEST_LINE];
    private final byte[] kept = new byte[KEPT];
    private Part part = Part.STATUS;
    private int lineLength;
    private int keptLength;
    private int status;
    private long left;
    private boolean framed;
    private boolean chunked;
    private boolean closes;

    /** Takes bytes; true when the response is whole, with what follows left in the buffer. */
    boolean read(ByteBuffer bytes) throws WrongAnswer {
        while (part != Part.WHOLE && bytes.hasRemaining()) {
            switch (part) {
                case BODY, TO_END, CHUNK -> body(bytes);
                default -> {
                    if (completesLine(bytes.get())) {
                        String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
                        lineLength = 0;
                        take(text);
                    }
                }
            }
        }
        return part == Part.WHOLE;
    }

    /** The connection has ended; true if that ends the response as it should. */
    boolean end() {
        return part == Part.TO_END;
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

    /** Whether the connection ends after this response. */
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

    private boolean completesLine(byte next) throws WrongAnswer {
        if (next == '\n') {
            if (lineLength == 0 || line[lineLength - 1] != '\r') {
                throw new WrongAnswer("a line that ends without CR");
            }
            lineLength--;
            return true;
        }
        if (lineLength == LONGEST_LINE) {
            throw new WrongAnswer("a line of more than " + LONGEST_LINE + " bytes");
        }
        line[lineLength] = next;
        lineLength++;
        return false;
    }

    private void take(String text) throws WrongAnswer {
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
                    throw new WrongAnswer("a chunk that is longer than it says");
                }
                part = Part.CHUNK_SIZE;
            }
            default -> part = text.isEmpty() ? Part.WHOLE : Part.TRAILER;
        }
    }

    private void status(String text) throws WrongAnswer {
        if (!text.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
            throw new WrongAnswer("'" + text + "' is no status line");
        }
        status = Integer.parseInt(text, 9, 12, 10);
        closes = text.startsWith("HTTP/1.0");
        part = Part.FIELD;
    }

    private void field(String text) throws WrongAnswer {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new WrongAnswer("'" + text + "' is no field");
        }
        String value = text.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
        switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "content-length" -> {
                long length = number(value, 10);
                if (framed && length != left) {
                    throw new WrongAnswer("two lengths that differ");
                }
                framed = true;
                left = length;
            }
            case "transfer-encoding" -> chunked = value.endsWith("chunked");
            case "connection" ->
                closes |= Arrays.asList(value.split("\\s*,\\s*", -1)).contains("close");
            default -> {
                // says nothing about where the response ends
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
            part = left == 0 || status == 204 || status == 304 ? Part.WHOLE : Part.BODY;
        } else {
            closes = true;
            part = Part.TO_END;
        }
    }

    private void body(ByteBuffer bytes) {
        int take = part == Part.TO_END ? bytes.remaining() : (int) Math.min(left, bytes.remaining());
        int keep = Math.min(take, KEPT - keptLength);
        bytes.get(kept, keptLength, keep);
        bytes.position(bytes.position() + take - keep);
        keptLength += keep;
        if (part != Part.TO_END) {
            left -= take;
            if (left == 0) {
                part = part == Part.CHUNK ? Part.CHUNK_END : Part.WHOLE;
            }
        }
    }

    private static long number(String text, int radix) throws WrongAnswer {
        if (!text.matches(radix == 10 ? "\\d{1,18}" : "[0-9a-fA-F]{1,15}")) {
            throw new WrongAnswer("'" + text + "' is no length");
        }
        return Long.parseLong(text, radix);
    }
}
