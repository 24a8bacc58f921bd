package io.github.lbkit.http.internal.probe;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The request of a probe, and the response that passes. Immutable.
 *
 * @param method the method, such as GET
 * @param path the path in origin form, with a query if any
 * @param host the value of the Host field; the instance's address if absent
 * @param headers further fields by name
 * @param minStatus the lowest status that passes
 * @param maxStatus the highest status that passes
 * @param body the expression that must match the beginning of the body, if present
 * @param bodyLimit the number of bytes of the body that are matched
 */
public record ProbeRequest(
        String method,
        String path,
        Optional<String> host,
        Map<String, String> headers,
        int minStatus,
        int maxStatus,
        Optional<Pattern> body,
        int bodyLimit) {
    /** Copies the fields. */
    public ProbeRequest {
        headers = Map.copyOf(headers);
    }

    /** Returns the same request with another path. */
    public ProbeRequest withPath(String otherPath) {
        return new ProbeRequest(method, otherPath, host, headers, minStatus, maxStatus, body, bodyLimit);
    }
}
