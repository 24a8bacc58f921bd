package io.github.lbkit.http.internal.admission;

import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one loop, the longest idle one first. A doubly linked list through the connections
 * themselves, so that a request allocates nothing. Confined to its loop.
 */
public final class IdleConnections {
    private @Nullable TrackedConnection first;
    private @Nullable TrackedConnection last;

    /** The links of one connection in the list. Confined to the loop of the connection. */
    public static final class Link {
        private @Nullable IdleConnections list;
        private @Nullable TrackedConnection before;
        private @Nullable TrackedConnection after;
        private long since;

        /** Creates the links of a connection that is in no list. */
        public Link() {}

        /** Returns whether the connection is in a list, so that it is idle. */
        public boolean isIdle() {
            return list != null;
        }

        /** Returns the time from which the connection may be closed, in nanoseconds of the loop's clock. */
        long since() {
            return since;
        }
    }

    /** Returns the connection that was added first; null if the list is empty. */
    @Nullable
    TrackedConnection first() {
        return first;
    }

    /** Appends a connection that is in no list. */
    void add(TrackedConnection connection, long since) {
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

    /** Removes a connection from its list, if it is in one. */
    static void remove(TrackedConnection connection) {
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
