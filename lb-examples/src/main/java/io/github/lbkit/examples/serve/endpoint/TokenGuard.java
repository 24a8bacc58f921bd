package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Asks for a bearer token wherever something would change (RFC 6750). Immutable. */
public final class TokenGuard implements Function<RequestHead, Optional<LocalResponse>> {
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String SCHEME = "bearer ";

    private final byte[] token;

    /** A guard by this token. */
    public TokenGuard(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<LocalResponse> apply(RequestHead head) {
        if (READING.contains(head.method())
                || matches(head.header("Authorization").orElse(""))) {
            return Optional.empty();
        }
        return Optional.of(Json.error(401, "this needs 'Authorization: Bearer' with the token of --admin-token-file")
                .with("WWW-Authenticate", "Bearer realm=\"lbkit\""));
    }

    private boolean matches(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        token, authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
