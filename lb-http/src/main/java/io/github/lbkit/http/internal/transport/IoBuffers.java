package io.github.lbkit.http.internal.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The buffers of one loop, shared by its transports for the length of one call. Confined to its loop. */
public final class IoBuffers {
    private final ByteBuffer input;
    private final ByteBuffer output;

    /** The buffers of TLS transports; null before the first of them. */
    private @Nullable RecordBuffers records;

    /** Creates direct buffers with these capacities in bytes. */
    public IoBuffers(int inputCapacity, int outputCapacity) {
        input = ByteBuffer.allocateDirect(inputCapacity);
        output = ByteBuffer.allocateDirect(outputCapacity);
    }

    /** Returns the direct buffer for a read from a channel, with undefined contents. */
    ByteBuffer input() {
        return input;
    }

    /** Returns the direct buffer for writes to a channel, with undefined contents. */
    ByteBuffer output() {
        return output;
    }

    /** Returns the heap buffers of TLS transports. */
    RecordBuffers records() {
        RecordBuffers made = records;
        if (made == null) {
            made = new RecordBuffers(input.capacity());
            records = made;
        }
        return made;
    }
}
