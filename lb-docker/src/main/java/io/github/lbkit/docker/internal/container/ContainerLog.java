package io.github.lbkit.docker.internal.container;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The log of a container as the engine sends it: without a terminal, pieces of standard output and standard error, each with a
 * head of eight bytes that has the stream and the length; with a terminal, the bytes as they are. Immutable.
 *
 * @param bytes as the engine sent them; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent")
record ContainerLog(byte[] bytes) {
    private static final int HEAD = 8;
    private static final int STREAMS = 3;

    /** The text of both streams. */
    String text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(bytes.length);
        int at = 0;
        while (isHead(at)) {
            int length = ByteBuffer.wrap(bytes, at + 4, 4).getInt();
            int end = length < 0 || length > bytes.length - at - HEAD ? bytes.length : at + HEAD + length;
            text.write(bytes, at + HEAD, end - at - HEAD);
            at = end;
        }
        text.write(bytes, at, bytes.length - at);
        return text.toString(StandardCharsets.UTF_8);
    }

    private boolean isHead(int at) {
        return bytes.length - at >= HEAD
                && bytes[at] >= 0
                && bytes[at] < STREAMS
                && bytes[at + 1] == 0
                && bytes[at + 2] == 0
                && bytes[at + 3] == 0;
    }
}
