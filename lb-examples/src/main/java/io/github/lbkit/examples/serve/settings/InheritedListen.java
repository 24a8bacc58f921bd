package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.ReverseProxyBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/**
 * The listening socket that is the standard input of this process, opened by a supervisor such as systemd. It is never
 * closed: other processes accept from it too, and the JDK would close the standard streams with it. Immutable.
 *
 * @param channel the socket
 * @param bound the address that the supervisor has bound
 */
record InheritedListen(ServerSocketChannel channel, ListenAddress bound) implements ListenAddress {
    static InheritedListen fromStandardInput(String option) {
        try {
            Channel inherited = System.inheritedChannel();
            if (inherited instanceof ServerSocketChannel listening) {
                return new InheritedListen(listening, place(listening.getLocalAddress()));
            }
        } catch (IOException | IllegalStateException e) {
            throw wrong(option, e.toString());
        }
        throw wrong(option, "it is not");
    }

    private static SettingException wrong(String option, String reason) {
        return new SettingException(
                option,
                INHERITED,
                "a listening socket as standard input, as systemd passes it with StandardInput=socket (" + reason
                        + "), or host:port or unix:/path");
    }

    private static ListenAddress place(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? new TcpListen(inet.getAddress().getHostAddress(), inet.getPort())
                : new UnixListen(address.toString(), Optional.empty());
    }

    @Override
    public String host() {
        return bound.host();
    }

    @Override
    public String portName() {
        return bound.portName();
    }

    @Override
    public boolean isLocal(String option) {
        return bound.isLocal(option);
    }

    @Override
    public void requireFree(String option) {}

    @Override
    public void applyTo(ReverseProxyBuilder builder, String option) {
        builder.listen(channel);
    }

    @Override
    public boolean isShared() {
        return true;
    }
}
