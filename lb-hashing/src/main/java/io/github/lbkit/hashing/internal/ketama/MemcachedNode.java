package io.github.lbkit.hashing.internal.ketama;

/**
 * A memcached server, parsed from an id. Immutable.
 *
 * @param host the name or the address; an IPv6 address has no brackets
 * @param port the port, 11211 if the id has none
 */
record MemcachedNode(String host, int port) {
    static final int DEFAULT_PORT = 11_211;

    private static final int MAX_PORT = 65_535;

    /**
     * Parses an id or node such as {@code 10.0.1.1:11211}, {@code cache1} or {@code [::1]:11212}.
     *
     * @throws IllegalArgumentException if there is no host, or the port is not 1 to 65,535
     */
    static MemcachedNode of(String id) {
        int closing = id.startsWith("[") ? id.indexOf(']') : -1;
        int colon = id.indexOf(':', Math.max(0, closing));
        String host = closing > 0 ? id.substring(1, closing) : colon < 0 ? id : id.substring(0, colon);
        String port = colon < 0 ? "" : id.substring(colon + 1);
        boolean bracketsMatch = closing < 0 ? !id.startsWith("[") : closing == id.length() - 1 || colon == closing + 1;
        if (host.isEmpty() || !bracketsMatch || (colon >= 0 && !isPort(port))) {
            throw new IllegalArgumentException("'" + id + "' is not a memcached server: a host, or host:port with a"
                    + " port from 1 to " + MAX_PORT + ", an IPv6 address in brackets");
        }
        return new MemcachedNode(host, colon < 0 ? DEFAULT_PORT : Integer.parseInt(port));
    }

    private static boolean isPort(String port) {
        return port.matches("[0-9]{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= MAX_PORT;
    }

    /** The name that libmemcached hashes: without the default port. */
    String nameOnRing() {
        return port == DEFAULT_PORT ? host : host + ":" + port;
    }

    /** The id, with the port. */
    String id() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
