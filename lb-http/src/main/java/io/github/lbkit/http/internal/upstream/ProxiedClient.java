package io.github.lbkit.http.internal.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client connection whose addresses are reported to servers: its PROXY header, and the unused connections to servers
 * that began with this header. No other client may use these connections. Confined to its loop.
 */
public final class ProxiedClient {
    /** The maximum number of unused connections. A client connection has one request at a time. */
    private static final int MAX_UNUSED = 8;

    private final byte[] header;
    private final List<UpstreamConnection> unused = new ArrayList<>(1);
    private boolean ended;

    /** Creates a client with this PROXY header, which must not be changed. */
    public ProxiedClient(byte[] header) {
        this.header = header;
    }

    /** Returns the PROXY header that begins each connection to a server. */
    byte[] header() {
        return header;
    }

    /** Returns the unused connection to this instance that was used last; null if there is none. */
    @Nullable
    UpstreamConnection unusedOf(InstanceConnections owner) {
        for (int i = unused.size() - 1; i >= 0; i--) {
            if (unused.get(i).isOwnedBy(owner)) {
                return unused.get(i);
            }
        }
        return null;
    }

    /** Keeps an unused connection, in place of the first if there are too many. Returns false if the client is gone. */
    boolean keep(UpstreamConnection connection) {
        if (ended) {
            return false;
        }
        if (unused.size() == MAX_UNUSED) {
            unused.get(0).close();
        }
        unused.add(connection);
        return true;
    }

    /** Removes a connection that is used again or closed. */
    void remove(UpstreamConnection connection) {
        unused.remove(connection);
    }

    /** Notes that the client connection has ended, and closes the unused connections. Later calls do nothing. */
    public void end() {
        ended = true;
        List.copyOf(unused).forEach(UpstreamConnection::close);
    }
}
