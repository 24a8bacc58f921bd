package io.github.lbkit.http;

/**
 * A handler that answers requests within the application instead of a server. Runs on the proxy's handler threads and
 * may block. An exception is logged and answered with 500.
 */
@FunctionalInterface
public interface LocalHandler {
    /** Returns the response. */
    LocalResponse handle(LocalRequest request) throws Exception;
}
