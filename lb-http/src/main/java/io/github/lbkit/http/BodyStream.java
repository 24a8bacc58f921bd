package io.github.lbkit.http;

/**
 * The body of a response while it is being made: pieces go out as they are offered, and nothing is kept for a client
 * that does not read. Thread-safe; never blocks.
 */
public interface BodyStream {
    /**
     * Sends these bytes next, if the client has taken all that was sent before. What is refused is not kept: whoever
     * makes the body offers what is newest then. Refused too before the response's head is out, and after the end.
     *
     * @param bytes at least one; not to be changed any more if they are taken
     * @return whether they are taken
     */
    boolean offer(byte[] bytes);

    /** Ends the body after what was taken. Again, or after the client has gone: nothing happens. */
    void end();

    /** Whether it was not ended yet, by {@link #end} or because the client has gone or the proxy stops. */
    boolean isOpen();
}
