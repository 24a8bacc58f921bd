package io.github.lbkit.http.internal.transport;

/** The receiver of what becomes of a handshake with a client, other than success. Called on the loop. */
public interface HandshakeObserver {
    /** Handles that the handshake failed, for this reason. */
    void failed(String reason);

    /** Handles that the client sent a request without TLS. The transport has answered the request with 400. */
    void plainRequest();
}
