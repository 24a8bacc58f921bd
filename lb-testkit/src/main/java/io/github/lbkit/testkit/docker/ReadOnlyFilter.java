package io.github.lbkit.testkit.docker;

import java.util.regex.Pattern;

/** What a filter lets through that shows containers and services to those who may change nothing. */
final class ReadOnlyFilter {
    private static final Pattern SHOWN = Pattern.compile(
            "/(_ping|version|events|containers/json|containers/[a-zA-Z0-9_.-]+/json|tasks|nodes|services)");

    private ReadOnlyFilter() {}

    static boolean passes(Request request) {
        return request.method().equals("GET") && SHOWN.matcher(request.path()).matches();
    }
}
