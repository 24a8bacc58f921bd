package io.github.lbkit.examples.serve.settings;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The text form of the address of a listening socket. Stateless. */
public final class SocketPlace {
    private SocketPlace() {}

    /** Returns {@code http://address:port}, with an IPv6 address in brackets, or {@code unix:/path}. */
    public static String of(SocketAddress address) {
        return of("http", address);
    }

    /** Returns {@code scheme://address:port}, with an IPv6 address in brackets, or {@code unix:/path}. */
    public static String of(String scheme, SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? scheme + "://" + hostAndPort(inet)
                : UnixListen.PREFIX + address;
    }

    static String hostAndPort(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
