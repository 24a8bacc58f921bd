package io.github.lbkit.http;

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
    V2
}
