package io.github.lbkit.http.internal.admission;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket: an IP address, a Unix domain socket, or a socket that was opened by others. The latter is shared
 * with other processes and never closed. Thread-safe.
 */
public final class ListeningSocket {
    /** The maximum number of connections that wait to be accepted. */
    static final int BACKLOG = 4096;

    private final ServerSocketChannel channel;
    private final SocketAddress address;
    private final boolean shared;
    private final @Nullable SocketFile file;

    private ListeningSocket(ServerSocketChannel channel, boolean shared, @Nullable SocketFile file) throws IOException {
        this.channel = channel;
        this.address = channel.getLocalAddress();
        this.shared = shared;
        this.file = file;
        channel.configureBlocking(false);
    }

    /**
     * Opens a socket that listens on an IP address.
     *
     * @throws IOException if the address cannot be bound; the message names the address
     */
    public static ListeningSocket onAddress(InetSocketAddress address, boolean reusePort) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (reusePort) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(address, BACKLOG);
            return new ListeningSocket(channel, false, null);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens a Unix domain socket. The file of a socket on which no process listens is replaced.
     *
     * @param permissions the permissions of the file; if absent, the umask of the process decides
     * @throws IOException if another process listens on the socket, or it cannot be bound; the message names the path
     */
    public static ListeningSocket onUnix(
            UnixDomainSocketAddress address, Optional<Set<PosixFilePermission>> permissions) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        SocketFile bound = null;
        try {
            requireFree(address);
            SocketFile.removeStale(address);
            channel.bind(address, BACKLOG);
            bound = SocketFile.of(address.getPath());
            if (permissions.isPresent()) {
                bound.setPermissions(permissions.get());
            }
            return new ListeningSocket(channel, false, bound);
        } catch (IOException | RuntimeException e) {
            if (bound != null) {
                bound.remove();
            }
            channel.close();
            throw new IOException("cannot listen on unix:" + address + ": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a Unix domain socket that another process listens on, or a file that is no socket.
     *
     * @throws IOException if the socket is not free; the message says why
     */
    public static void requireFree(UnixDomainSocketAddress address) throws IOException {
        SocketFile.requireSocketOrNothing(address.getPath());
        if (isLive(address)) {
            throw new IOException("another process listens on this socket");
        }
    }

    /** Returns whether a process listens: the connection is made, or its backlog is full. */
    private static boolean isLive(UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(address);
            return true;
        } catch (IOException e) {
            return SocketFile.isBusy(e);
        }
    }

    /** Uses a socket that others have opened and that other processes may accept from. It is never closed. */
    public static ListeningSocket shared(ServerSocketChannel channel) throws IOException {
        return new ListeningSocket(channel, true, null);
    }

    /** Returns the channel. */
    ServerSocketChannel channel() {
        return channel;
    }

    /** Returns the address that the socket is bound to. */
    public SocketAddress address() {
        return address;
    }

    /** Returns whether other processes may accept from the socket too, so that it stays open. */
    boolean isShared() {
        return shared;
    }

    /** Removes the file of a Unix domain socket, so that no further client connects. Later calls do nothing. */
    void removeFile() {
        if (file != null) {
            file.remove();
        }
    }

    /** Closes the socket unless it is shared. Later calls do nothing. */
    void close() throws IOException {
        removeFile();
        if (!shared) {
            channel.close();
        }
    }
}
