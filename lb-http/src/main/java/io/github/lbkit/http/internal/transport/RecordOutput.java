package io.github.lbkit.http.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The output of a TLS transport: it encrypts into the buffer of the loop and writes to the channel. Only the records
 * that the channel does not take are kept. Confined to its loop.
 */
final class RecordOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final IoBuffers buffers;

    /** Records that the channel did not take; null if there are none. */
    private byte @Nullable [] unsent;

    /** The position of the first unsent byte. */
    private int from;

    /** The failure of a write whose bytes were accepted in part. The next call reports it. */
    private @Nullable IOException failure;

    RecordOutput(SocketChannel channel, IoBuffers buffers) {
        this.channel = channel;
        this.buffers = buffers;
    }

    /** Returns whether records wait until the channel takes them. */
    boolean isStuck() {
        return unsent != null;
    }

    /** Returns the number of bytes of records that the channel did not take. */
    int size() {
        byte[] waiting = unsent;
        return waiting == null ? 0 : waiting.length - from;
    }

    /**
     * Encrypts and writes plaintext until the channel takes no more. Must not be called while records are stuck.
     *
     * @return the number of bytes that were encrypted
     */
    int write(SSLEngine engine, byte[] bytes, int start, int end) throws IOException {
        throwFailure();
        ByteBuffer plain = ByteBuffer.wrap(bytes, start, end - start);
        while (plain.hasRemaining() && unsent == null) {
            ByteBuffer out = buffers.records().out();
            while (plain.hasRemaining() && out.remaining() >= RecordBuffers.MAX_RECORD) {
                SSLEngineResult result = engine.wrap(plain, out); // may take none: a KeyUpdate goes first
                if (result.getStatus() != Status.OK || result.bytesConsumed() + result.bytesProduced() == 0) {
                    throw new SSLException("the output of the TLS connection has ended");
                }
            }
            int accepted = plain.position() - start;
            try {
                emit(out.flip());
            } catch (IOException e) {
                if (accepted == 0) {
                    throw e;
                }
                failure = e;
                return accepted;
            }
        }
        return plain.position() - start;
    }

    /** Writes what the engine itself has to say: a flight of the handshake, a ticket, an alert. */
    void say(SSLEngine engine) throws IOException {
        throwFailure();
        ByteBuffer out = buffers.records().out();
        SSLEngineResult result;
        do {
            if (out.remaining() < RecordBuffers.MAX_RECORD) {
                emit(out.flip());
                out = buffers.records().out();
            }
            result = engine.wrap(NOTHING, out);
        } while (result.getStatus() == Status.OK
                && (result.bytesProduced() > 0 || result.getHandshakeStatus() == HandshakeStatus.FINISHED)
                && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        emit(out.flip());
    }

    /** Writes bytes without encryption. */
    void writePlain(byte[] bytes) throws IOException {
        emit(ByteBuffer.wrap(bytes));
    }

    private void emit(ByteBuffer records) throws IOException {
        if (unsent == null && records.hasRemaining()) {
            int start = records.arrayOffset() + records.position();
            int to = start + records.remaining();
            int written = PlainTransport.write(channel, buffers.output(), records.array(), start, to);
            records.position(records.position() + written);
        }
        if (records.hasRemaining()) {
            keep(records);
        }
    }

    private void keep(ByteBuffer records) {
        byte[] waiting = unsent;
        if (waiting == null) {
            byte[] kept = new byte[records.remaining()];
            records.get(kept);
            unsent = kept;
        } else {
            int size = waiting.length - from;
            byte[] both = Arrays.copyOfRange(waiting, from, waiting.length + records.remaining());
            records.get(both, size, records.remaining());
            unsent = both;
        }
        from = 0;
    }

    /** Writes the stuck records, as many as the channel takes. */
    void flush() throws IOException {
        throwFailure();
        byte[] waiting = unsent;
        if (waiting == null) {
            return;
        }
        from += PlainTransport.write(channel, buffers.output(), waiting, from, waiting.length);
        if (from == waiting.length) {
            unsent = null;
            from = 0;
        } else if (from > waiting.length / 2) {
            unsent = Arrays.copyOfRange(waiting, from, waiting.length);
            from = 0;
        }
    }

    private void throwFailure() throws IOException {
        IOException earlier = failure;
        if (earlier != null) {
            throw earlier;
        }
    }
}
