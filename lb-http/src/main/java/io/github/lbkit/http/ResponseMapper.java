package io.github.lbkit.http;

import java.util.Optional;

/**
 * A function that replaces the response of a server, depending on its status. Must not block, because it runs on the
 * proxy's event loops. The body of a replaced response is read and dropped. If the function throws, the request is
 * answered with 500.
 */
@FunctionalInterface
public interface ResponseMapper {
    /** Returns the response for the client; empty to forward the response of the server. */
    Optional<LocalResponse> map(RequestHead request, int status);
}
