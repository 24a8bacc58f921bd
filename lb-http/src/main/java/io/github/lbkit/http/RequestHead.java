package io.github.lbkit.http;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The head of a client's request, unchanged. Valid only during the call that receives it, because it is a view of a
 * buffer that is reused. Strings from it may be kept.
 */
public interface RequestHead {
    /** Returns the method, such as {@code GET}, unchanged. */
    String method();

    /** Returns the request target, unchanged: a path with its query, {@code *}, an absolute URI, or an authority. */
    String target();

    /** Returns the raw path of the target before {@code ?}, neither decoded nor normalized. */
    String path();

    /** Returns the raw text after the first {@code ?} of the target; empty if there is no {@code ?}. */
    Optional<String> query();

    /**
     * Returns the value of the first field with this name, in any case, without leading and trailing blanks. The value
     * of {@code Host} is the host that the server receives: the authority of an absolute target, otherwise the Host
     * field.
     */
    Optional<String> header(String name);

    /** Returns the values of all fields with this name, in their order; {@code Host} as in {@link #header}. */
    List<String> headers(String name);

    /**
     * Returns the client's address. It is the address of the connection or, behind trusted proxies, the address that
     * they report ({@link ReverseProxyBuilder#trustedProxies}).
     */
    InetAddress clientAddress();

    /** Returns whether the client's connection to this proxy is over TLS; false unless implemented. */
    default boolean isSecure() {
        return false;
    }

    /**
     * Returns the client's certificate, which the proxy has verified; empty if the client has shown none, and unless
     * implemented.
     */
    default Optional<X509Certificate> clientCertificate() {
        return Optional.empty();
    }

    /**
     * Returns the subject of {@link #clientCertificate} as RFC 2253 writes it, such as {@code CN=alice,O=Example}.
     * Bytes outside printable ASCII are written as a backslash and two hexadecimal digits.
     */
    default Optional<String> clientCertificateSubject() {
        return Optional.empty();
    }

    /** Returns the request id: the client's own {@code X-Request-Id} if it is acceptable, otherwise a new id. */
    String requestId();
}
