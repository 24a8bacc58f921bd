package io.github.lbkit.http.internal.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The byte stream of one connection, plain or encrypted. No method blocks. Confined to its loop.
 *
 * <p>A transport may hold bytes of both directions: input that was received and not read, and output that was accepted
 * and that the socket did not take yet (with TLS, encrypted records). It may need channel events of its own for that:
 * {@link #operationsFor}.
 */
public interface Transport {
    /** The result of {@link #read} after an orderly end of the input: a FIN, or with TLS a close_notify alert. */
    int END = -1;

    /**
     * The result of {@link #read} where the channel ended without the end that the protocol of the transport requires.
     */
    int TRUNCATED = -2;

    /** The receiver of changes that no channel event reports. Called on the loop. */
    interface Listener {
        /**
         * A task that the transport runs outside the loop has ended: the transport can be read, written and flushed
         * again. Never called within a call of the transport.
         */
        void transportResumed();

        /** {@link #operationsFor} returns another result now. May be called within a call of the transport. */
        void operationsChanged();
    }

    /** Returns the channel that the loop selects on. */
    SelectableChannel channel();

    /** Sets the receiver of changes, in place of the one before. */
    void listen(Listener listener);

    /**
     * Begins to connect.
     *
     * @return whether the transport is connected, its handshake included
     */
    boolean connect(SocketAddress address) throws IOException;

    /**
     * Continues what {@link #connect} began, after a channel event or after {@link Listener#transportResumed}.
     *
     * @return whether the transport is connected, its handshake included
     */
    boolean finishConnect() throws IOException;

    /**
     * Returns the operations to select on. A TLS handshake may have to write before it can read, and selects on nothing
     * while a task of it runs.
     *
     * @param wanted the operations that the user of the transport waits for
     */
    int operationsFor(int wanted);

    /**
     * Reads the bytes that were received.
     *
     * @param into a heap buffer
     * @return the number of bytes, 0 if none was received, {@link #END} or {@link #TRUNCATED}
     */
    int read(ByteBuffer into) throws IOException;

    /** Returns whether {@link #read} would return bytes although no channel event reports them. */
    boolean hasPendingInput();

    /**
     * Accepts as many bytes as can be written now.
     *
     * @return the number of accepted bytes, which may be 0. A failure after some bytes were accepted is reported by the
     *     next call
     */
    int write(byte[] bytes, int from, int to) throws IOException;

    /** Returns the number of bytes that the transport has accepted and that the socket did not take yet. */
    int unflushedBytes();

    /** Writes accepted bytes to the socket, as many as it takes. Called when the channel is ready for writing. */
    void flush() throws IOException;

    /**
     * Returns the number of received bytes that the transport holds, such as a part of a record; 0 unless overridden.
     */
    default int heldInputBytes() {
        return 0;
    }

    /** Returns whether the bytes are encrypted on their way; false unless overridden. */
    default boolean isSecure() {
        return false;
    }

    /** Returns whether a handshake has to end before bytes can be read or written; false unless overridden. */
    default boolean isInHandshake() {
        return false;
    }

    /** Returns the verified certificate of the peer; null if it has shown none. Null unless overridden. */
    default @Nullable X509Certificate peerCertificate() {
        return null;
    }

    /** Ends the output, where that is still possible. The peer is informed after the bytes that were written. */
    void shutdownOutput();

    /** Closes the connection. The peer receives the bytes that were written. */
    void close();

    /** Closes the connection with a reset. Bytes that were not delivered are dropped. */
    void reset();
}
