package io.github.lbkit.http;

import java.util.regex.Pattern;

/**
 * A handler of a plain listener that sends every client to {@code https}: status 308 with the same host, path and
 * query, so that the client repeats its method and body there. A request that names no host gets 400. Immutable.
 *
 * <pre>{@code
 * ReverseProxy redirect = ReverseProxy.builder()
 *         .listen(new InetSocketAddress(80))
 *         .fallback(0, HttpsRedirect.toPort(443))
 *         .start();
 * }</pre>
 */
public final class HttpsRedirect implements LocalHandler {
    private static final int DEFAULT_PORT = 443;
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");

    private final int port;

    private HttpsRedirect(int port) {
        this.port = port;
    }

    /** Returns a handler that redirects to this port, 1 to 65535. Port 443 is left out of the URL. */
    public static HttpsRedirect toPort(int port) {
        return new HttpsRedirect(Settings.within("redirect port", port, 1, 65_535));
    }

    @Override
    public LocalResponse handle(LocalRequest request) {
        RequestHead head = request.head();
        String host = PORT.matcher(head.header("Host").orElse("")).replaceFirst(""); // the proxy has checked the syntax
        if (host.isEmpty()) {
            return LocalResponse.text(400, "a request that is redirected to https must name its host\n");
        }
        String path = head.path();
        String target = (path.startsWith("/") ? path : "/")
                + head.query().map(query -> "?" + query).orElse("");
        String url = "https://" + host + (port == DEFAULT_PORT ? "" : ":" + port) + target;
        return LocalResponse.text(308, "see " + url + "\n").with("Location", url);
    }
}
