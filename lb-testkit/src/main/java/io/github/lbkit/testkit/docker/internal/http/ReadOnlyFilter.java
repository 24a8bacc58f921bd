package io.github.lbkit.testkit.docker.internal.http;

import java.util.regex.Pattern;

/** The rules of a socket proxy that passes read-only calls about containers and services alone. */
final class ReadOnlyFilter {
    private static final Pattern READABLE = Pattern.compile(
            "/(_ping|version|events|containers/json|containers/[a-zA-Z0-9_.-]+/json|tasks|nodes|services)");

    private ReadOnlyFilter() {}

    static boolean passes(Request request) {
        return request.method().equals("GET")
                && READABLE.matcher(request.path()).matches();
    }
}
