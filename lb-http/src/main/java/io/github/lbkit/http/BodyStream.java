package io.github.lbkit.http;

/**
 * The body of a response while it is being produced. Bytes are sent as they are offered; nothing is buffered for a
 * client that does not read. Thread-safe; never blocks.
 */
public interface BodyStream {
    /**
     * Sends these bytes next, if the client has accepted all earlier bytes. Refused bytes are not kept: the producer
     * offers its newest bytes again later. Bytes are also refused before the response head was sent and after the end
     * of the stream.
     *
     * @param bytes at least one byte; must not be changed if they are accepted
     * @return whether the bytes are accepted
     */
    boolean offer(byte[] bytes);

    /** Ends the body after the accepted bytes. Does nothing if the stream has ended. */
    void end();

    /**
     * Returns whether the stream has not ended: by {@link #end}, because the client has disconnected, or because the
     * proxy stops.
     */
    boolean isOpen();
}
