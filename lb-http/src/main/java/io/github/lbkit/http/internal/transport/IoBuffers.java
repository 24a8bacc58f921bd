package io.github.lbkit.http.internal.transport;

import java.nio.ByteBuffer;

/** The direct buffers of one loop, shared by its transports for the length of one call. Confined to its loop. */
public final class IoBuffers {
    private final ByteBuffer input;
    private final ByteBuffer output;

    /** Creates buffers with these capacities in bytes. */
    public IoBuffers(int inputCapacity, int outputCapacity) {
        input = ByteBuffer.allocateDirect(inputCapacity);
        output = ByteBuffer.allocateDirect(outputCapacity);
    }

    /** Returns the buffer for a read from a channel, with undefined contents. */
    ByteBuffer input() {
        return input;
    }

    /** Returns the buffer for writes to a channel, with undefined contents. */
    ByteBuffer output() {
        return output;
    }
}
