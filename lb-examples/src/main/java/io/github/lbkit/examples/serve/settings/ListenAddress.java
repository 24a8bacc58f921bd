package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.ReverseProxyBuilder;
import java.io.IOException;

/** The place of a listener: an address, the path of a Unix domain socket, or a socket that is open already. */
public sealed interface ListenAddress permits TcpListen, UnixListen, InheritedListen {
    /** The word for the listening socket that is the standard input. */
    String INHERITED = "inherited";

    /** Parses {@code host:port}, where an IPv6 address has brackets, {@code unix:/path} or {@code inherited}. */
    static ListenAddress parse(String option, String value) {
        if (value.equals(INHERITED) && option.equals("--listen")) {
            return InheritedListen.fromStandardInput(option);
        }
        return value.startsWith(UnixListen.PREFIX) ? UnixListen.parse(option, value) : TcpListen.parse(option, value);
    }

    /** Returns the host, as the name of a pool and the guard of the {@code Host} field use it. */
    String host();

    /** Returns the port, or a word in its place, as the name of a pool uses it. */
    String portName();

    /** Returns whether only clients on this machine can connect. */
    boolean isLocal(String option);

    /**
     * Refuses a place where another process listens, before any server is started.
     *
     * @throws IOException with the place and the reason
     */
    void requireFree(String option) throws IOException;

    /** Sets the place in a builder. */
    void applyTo(ReverseProxyBuilder builder, String option);

    /** Returns whether other processes share the socket, so that a restart can overlap. */
    default boolean isShared() {
        return false;
    }
}
