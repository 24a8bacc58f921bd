package io.github.lbkit.examples.serve.endpoint;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A guard that requires the bearer token (RFC 6750) for changes, and for those reads that are not open. The comparison
 * takes the same time however much of the token is right. Thread-safe.
 */
public final class TokenGuard implements Function<RequestHead, Optional<LocalResponse>> {
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String SCHEME = "bearer ";

    private final Supplier<String> token;
    private final Predicate<String> openToReaders;

    /**
     * Creates the guard of a listener.
     *
     * @param token the source of the current token
     * @param openToReaders selects, by raw path, the GET and HEAD requests that need no token
     */
    public TokenGuard(Supplier<String> token, Predicate<String> openToReaders) {
        this.token = token;
        this.openToReaders = openToReaders;
    }

    @Override
    public Optional<LocalResponse> apply(RequestHead head) {
        if ((READING.contains(head.method()) && openToReaders.test(head.path()))
                || matches(head.header("Authorization").orElse(""))) {
            return Optional.empty();
        }
        return Optional.of(
                JsonResponse.error(401, "this needs 'Authorization: Bearer' with the token of --admin-token-file")
                        .with("WWW-Authenticate", "Bearer realm=\"lbkit\""));
    }

    private boolean matches(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        bytes(token.get()),
                        bytes(authorization.substring(SCHEME.length()).strip()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
