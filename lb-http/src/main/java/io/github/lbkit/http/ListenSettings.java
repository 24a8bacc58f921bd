package io.github.lbkit.http;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.internal.admission.ListeningSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a builder for the listening socket: an address, or a socket that is open. Not thread-safe. */
final class ListenSettings {
    private SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    private @Nullable ServerSocketChannel open;
    private Optional<Set<PosixFilePermission>> permissions = Optional.empty();

    ListenSettings() {}

    void address(InetSocketAddress value) {
        if (value.isUnresolved()) {
            throw new IllegalArgumentException("listen address " + value + " is not an address of this machine");
        }
        address = value;
        open = null;
    }

    void unix(UnixDomainSocketAddress value) {
        Address.unix(value.getPath().toString());
        address = value;
        open = null;
    }

    void open(ServerSocketChannel value) {
        try {
            SocketAddress bound = value.getLocalAddress();
            if (bound == null) {
                throw new IllegalArgumentException("the socket to listen on is not bound");
            }
            address = bound;
            open = value;
        } catch (IOException e) {
            throw new IllegalArgumentException("the socket to listen on is closed", e);
        }
    }

    void permissions(Set<PosixFilePermission> value) {
        permissions = Optional.of(Set.copyOf(value));
    }

    SocketAddress address() {
        return address;
    }

    /**
     * Opens a listening socket on an address. The open socket, if one was set, is used in its place.
     *
     * @throws IllegalArgumentException if one of the other settings does not fit the kind of the socket
     */
    ListeningSocket open(SocketAddress wanted, boolean reusePort) throws IOException {
        ServerSocketChannel opened = open;
        boolean ownAddress = opened == null && wanted instanceof InetSocketAddress;
        if (reusePort && !ownAddress) {
            throw new IllegalArgumentException("reusePort needs an IP address to listen on, not " + wanted);
        }
        if (permissions.isPresent() && (opened != null || ownAddress)) {
            throw new IllegalArgumentException("socketPermissions need a Unix socket to listen on, not " + wanted);
        }
        if (opened != null) {
            return ListeningSocket.shared(opened);
        }
        return wanted instanceof UnixDomainSocketAddress unix
                ? ListeningSocket.onUnix(unix, permissions)
                : ListeningSocket.onAddress((InetSocketAddress) wanted, reusePort);
    }
}
