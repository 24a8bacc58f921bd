package io.github.lbkit.docker.internal.container;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The output of a container as the engine sends it. Without a terminal it consists of frames of standard output and
 * standard error, each with a header of 8 bytes that holds the stream and the length. With a terminal it is plain
 * bytes. Immutable.
 *
 * @param bytes the bytes from the engine; never modified
 */
@SuppressWarnings("ArrayRecordComponent")
record ContainerOutput(byte[] bytes) {
    private static final int HEADER = 8;
    private static final int STREAMS = 3;

    /** Returns the text of both streams. */
    String text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(bytes.length);
        int at = 0;
        while (isHeader(at)) {
            int length = ByteBuffer.wrap(bytes, at + 4, 4).getInt();
            int end = length < 0 || length > bytes.length - at - HEADER ? bytes.length : at + HEADER + length;
            text.write(bytes, at + HEADER, end - at - HEADER);
            at = end;
        }
        text.write(bytes, at, bytes.length - at);
        return text.toString(StandardCharsets.UTF_8);
    }

    private boolean isHeader(int at) {
        return bytes.length - at >= HEADER
                && bytes[at] >= 0
                && bytes[at] < STREAMS
                && bytes[at + 1] == 0
                && bytes[at + 2] == 0
                && bytes[at + 3] == 0;
    }
}
