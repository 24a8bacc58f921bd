package io.github.lbkit.http.internal.probe;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a probe asks and what it wants to hear. Immutable.
 *
 * @param method such as GET
 * @param path origin form, with a query if any
 * @param host the Host header; the instance's address if absent
 * @param headers further headers, by name
 * @param minStatus the least status that passes
 * @param maxStatus the greatest status that passes
 * @param body must be found in the beginning of the body, if present
 * @param bodyLimit how many bytes of the body are looked at
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
    /** Copies. */
    public ProbeRequest {
        headers = Map.copyOf(headers);
    }

    /** The same question at another path. */
    public ProbeRequest at(String otherPath) {
        return new ProbeRequest(method, otherPath, host, headers, minStatus, maxStatus, body, bodyLimit);
    }
}
