package io.github.lbkit.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The head of a client's request, as it came. Confined to the call it is passed to: it is a view of a buffer that is
 * used again, so whoever keeps anything keeps the Strings.
 */
public interface RequestHead {
    /** The method, as it came: {@code GET}. */
    String method();

    /** The request target, as it came: a path with its query, {@code *}, an absolute URI, or an authority. */
    String target();

    /** The path of the target, raw: what stands before {@code ?}; neither decoded nor normalized. */
    String path();

    /** What stands after the first {@code ?} of the target, raw; empty if there is no {@code ?}. */
    Optional<String> query();

    /**
     * Returns the value of the first field of this name, in any case, without outer blanks. {@code Host} is the host that the
     * server gets: the authority of an absolute target where there is one, whatever the Host field says.
     */
    Optional<String> header(String name);

    /** Returns the values of all fields of this name, in order; {@code Host} as in {@link #header}. */
    List<String> headers(String name);

    /**
     * Returns the client's address: where its connection comes from, or, behind trusted proxies, the address that they tell ({@link
     * ReverseProxyBuilder#trustedProxies}).
     */
    InetAddress clientAddress();

    /** The request's id: the client's own {@code X-Request-Id} where it is acceptable, else a new one. */
    String requestId();
}
