package io.github.lbkit.http.internal.tls;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A source of engines for connections of clients. Thread-safe. */
public interface ListenerEngines {
    /**
     * Returns a new engine in server mode, with its client authentication and application protocols set. Its
     * certificate is the current one for the name.
     *
     * @param serverName the name that the client asks for (SNI), in any case; null if it asks for none
     */
    SSLEngine engine(@Nullable String serverName);
}
