package io.github.lbkit.http.internal.exchange;

import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop that wait for a request, the longest idle one first: a doubly linked list through the
 * connections themselves, so that no request allocates. Confined to its loop.
 */
final class IdleConnections {
    private @Nullable ClientConnection first;
    private @Nullable ClientConnection last;

    /** The part of a connection that the list uses. Confined to the connection's loop. */
    static final class Link {
        private @Nullable IdleConnections list;
        private @Nullable ClientConnection before;
        private @Nullable ClientConnection after;
        private long since;

        /** Returns whether the connection waits for a request. */
        boolean isIdle() {
            return list != null;
        }

        /** Returns since when the connection may be closed for another one. */
        long since() {
            return since;
        }
    }

    /** Returns the connection that was added first. */
    @Nullable
    ClientConnection first() {
        return first;
    }

    /** Adds a connection that is in no list, as the last one. */
    void add(ClientConnection connection, long since) {
        Link link = connection.idleLink();
        link.list = this;
        link.since = since;
        link.before = last;
        if (last == null) {
            first = connection;
        } else {
            last.idleLink().after = connection;
        }
        last = connection;
    }

    /** Takes a connection out of the list that it is in, if any. */
    static void remove(ClientConnection connection) {
        Link link = connection.idleLink();
        IdleConnections list = link.list;
        if (list == null) {
            return;
        }
        if (link.before == null) {
            list.first = link.after;
        } else {
            link.before.idleLink().after = link.after;
        }
        if (link.after == null) {
            list.last = link.before;
        } else {
            link.after.idleLink().before = link.before;
        }
        link.list = null;
        link.before = null;
        link.after = null;
    }
}
