package io.github.lbkit.http;

/**
 * How much the proxy takes in, in bytes unless said. Immutable.
 *
 * @param requestLine the longest request line, without its line end: beyond is 414; 8192 by default
 * @param head the longest head of a request or response, the first line included: beyond is 431 (request) or 502
 *     (response); 16384 by default
 * @param fields the most fields of a head, a number: beyond is 431 or 502; 100 by default
 * @param replay how much of a request's body is kept so that the request can be repeated; 65536 by default
 * @param held the longest response with Content-Length that is held until complete; 16384 by default
 * @param pipelined how much of later requests is taken from a client while one is answered; 16384 by default
 * @param connectionsPerServer the most connections to one instance, a number; 1024 by default
 * @param clientConnections the most connections of clients, a number; 10000 by default. Beyond, the one that waits for a
 *     request for the longest time is closed and the new one accepted; while none waits for a request, none is accepted.
 *     Where the process may open fewer files, the proxy lowers this number when it starts: to half of what is left after 100
 *     files, or after those that are open if they are more; the other half is for connections to servers
 */
public record Limits(
        int requestLine,
        int head,
        int fields,
        int replay,
        int held,
        int pipelined,
        int connectionsPerServer,
        int clientConnections) {
    /** The defaults. */
    public static final Limits DEFAULTS = new Limits(8192, 16384, 100, 65536, 16384, 16384, 1024, 10_000);

    /** Checks. */
    public Limits {
        within("requestLine", requestLine, 64, 65_536);
        within("head", head, 256, 262_144);
        within("fields", fields, 1, 1_000);
        within("replay", replay, 0, 16 << 20);
        within("held", held, 0, 1 << 20);
        within("pipelined", pipelined, 1024, 1 << 20);
        within("connectionsPerServer", connectionsPerServer, 1, 65_535);
        within("clientConnections", clientConnections, 1, 1_000_000);
    }

    /** Returns these limits with another number of connections of clients. */
    public Limits withClientConnections(int value) {
        return new Limits(requestLine, head, fields, replay, held, pipelined, connectionsPerServer, value);
    }

    private static void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("limit " + name + " " + value + " is not within " + min + " to " + max);
        }
    }
}
