package io.github.lbkit.http;

/**
 * Answers a request here by a body that is made while it is sent, such as server-sent events. Runs on the proxy's
 * handler threads and may block. What it throws is logged and answered with 500.
 */
@FunctionalInterface
public interface StreamHandler {
    /**
     * The answer: its own body goes out first, then what is offered to the stream until that is ended. If the stream is
     * ended before this returns, the answer is a whole one. HEAD is answered by the head alone, and ends the stream.
     */
    LocalResponse handle(LocalRequest request, BodyStream stream) throws Exception;
}
