package io.github.lbkit.http.internal.tls;

import io.github.lbkit.api.Address;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** A source of engines for connections to servers. Thread-safe. */
public interface ServerEngines {
    /**
     * Returns a new engine in client mode, which sends the name of the server and verifies its certificate as the
     * settings say. Engines for one name and port resume each other's sessions.
     *
     * @throws IllegalArgumentException if the name is not a host name, so that no certificate can be valid for it
     */
    SSLEngine engine(Address address);

    /** Returns the current context, for clients that make their own engines; {@link #prepare} sets these up. */
    SSLContext context();

    /**
     * Sets up an engine of {@link #context} for a server: client mode, server name, verification, versions.
     *
     * @throws IllegalArgumentException as {@link #engine} does
     */
    void prepare(SSLEngine engine, Address address);
}
