package io.github.lbkit.http.internal.transport;

import io.github.lbkit.http.internal.tls.ListenerEngines;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The first bytes of a client, up to the engine with the certificate that it asks for. Confined to its loop. */
final class ClientGreeting {
    private final ListenerEngines engines;
    private final HandshakePermit permit;
    private final Runnable whenGranted;

    /**
     * Creates a greeting that has not arrived.
     *
     * @param whenGranted called on the loop when {@link #engine} should be called again without new bytes
     */
    ClientGreeting(ListenerEngines engines, TlsLoop resources, Runnable whenGranted) {
        this.engines = engines;
        this.whenGranted = whenGranted;
        permit = new HandshakePermit(resources);
    }

    /** Returns whether nothing goes on until the handshake may begin. */
    boolean awaitsPermit() {
        return permit.isAwaited();
    }

    /** Releases the permit of the handshake. */
    void release() {
        permit.release();
    }

    /** Returns whether the client speaks HTTP without TLS. */
    static boolean isPlain(ByteBuffer received) {
        int from = received.arrayOffset() + received.position();
        return PlainRequest.isBegin(received.array(), from, from + received.remaining());
    }

    /**
     * Returns a new engine for the client; null while its first message is incomplete, or while other handshakes go
     * first. The bytes stay in the buffer.
     */
    @Nullable
    SSLEngine engine(ByteBuffer received) throws TlsFailure {
        byte[] bytes = received.array();
        int from = received.arrayOffset() + received.position();
        int to = from + received.remaining();
        ClientHello hello = PlainRequest.isIncomplete(bytes, from, to) ? null : ClientHello.read(bytes, from, to);
        if (hello == null) {
            if (to - from >= ClientHello.MAX_BYTES) {
                throw new TlsFailure("its ClientHello is longer than " + ClientHello.MAX_BYTES + " bytes");
            }
            return null;
        }
        if (!permit.acquire(whenGranted)) {
            return null;
        }
        try {
            return engines.engine(hello.serverName());
        } catch (RuntimeException e) {
            throw TlsFailure.of(e);
        }
    }
}
