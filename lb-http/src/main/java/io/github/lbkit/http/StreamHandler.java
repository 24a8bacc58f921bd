package io.github.lbkit.http;

/**
 * A handler that answers requests within the application by a body that is produced while it is sent, such as
 * server-sent events. Runs on the proxy's handler threads and may block. An exception is logged and answered with 500.
 */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Returns the response. The proxy sends the body of the response first, then the bytes that are offered to the
     * stream until the stream ends. If the stream has ended before this method returns, the response is complete. HEAD
     * is answered by the head alone, which ends the stream.
     */
    LocalResponse handle(LocalRequest request, BodyStream stream) throws Exception;
}
