package io.github.lbkit.http;

import io.github.lbkit.http.internal.wire.proxy.ProxyHeaderWriter;

/**
 * A version of the PROXY protocol, by which a proxy reports the addresses of a client at the start of a connection:
 * before TLS and before the first request.
 *
 * @see <a href="https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt">the specification</a>
 */
public enum ProxyProtocol {
    /** The version with one line of text. */
    V1,
    /** The version with a binary header. */
    V2;

    /**
     * Returns the header of a connection that a proxy opens for itself, such as a health probe: the command {@code
     * LOCAL} in version 2, {@code PROXY UNKNOWN} in version 1. A new array.
     */
    public byte[] probeHeader() {
        return ProxyHeaderWriter.write(this, null);
    }
}
