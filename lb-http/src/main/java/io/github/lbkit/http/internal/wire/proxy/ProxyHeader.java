package io.github.lbkit.http.internal.wire.proxy;

import org.jspecify.annotations.Nullable;

/**
 * A complete PROXY header. Immutable.
 *
 * @param addresses the addresses of the client connection; null if the header reports none, so that the addresses of
 *     the socket count
 * @param length the number of bytes of the header
 */
public record ProxyHeader(@Nullable ProxyAddresses addresses, int length) {}
