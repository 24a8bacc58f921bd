package io.github.lbkit.http.internal.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;

/** The bytes of one connection: plain, or wrapped in TLS. Never blocks. Confined to its loop. */
public interface Transport {
    /** What the loop selects on. */
    SelectableChannel channel();

    /** Begins to connect; true if that is done already. */
    boolean connect(SocketAddress address) throws IOException;

    /** Ends what {@link #connect} began; false if it still takes time. */
    boolean finishConnect() throws IOException;

    /** Reads what has come: the number of bytes, 0 if nothing has, −1 at the peer's end. */
    int read(ByteBuffer into) throws IOException;

    /** Writes what the connection takes now: the number of bytes, maybe 0. */
    int write(ByteBuffer from) throws IOException;

    /** Tells the peer that nothing more will come, where that is still possible. */
    void shutdownOutput();

    /** Ends the connection; the peer gets what was written. */
    void close();

    /** Ends the connection so that the peer sees a fault: what was not delivered is dropped. */
    void reset();
}
