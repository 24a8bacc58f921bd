package io.github.lbkit.http;

import java.util.Optional;

/**
 * Puts another response in the place of a server's, by its status. Runs on the proxy's loops: must not block. The
 * server's body is read and dropped. What it throws ends the request, by 500.
 */
@FunctionalInterface
public interface ResponseMapper {
    /** What the client gets instead; empty to pass the server's response on. */
    Optional<LocalResponse> map(RequestHead request, int status);
}
