package io.github.lbkit.http;

/**
 * Answers a request here instead of a server. Runs on the proxy's handler threads and may block. What it throws is
 * logged and answered with 500.
 */
@FunctionalInterface
public interface LocalHandler {
    /** The answer. */
    LocalResponse handle(LocalRequest request) throws Exception;
}
