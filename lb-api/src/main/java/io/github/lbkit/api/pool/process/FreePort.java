package io.github.lbkit.api.pool.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.IntPredicate;

/** Finds ports of the loopback interface that nobody listens on. Another program may take one before it is used. */
final class FreePort {
    private static final int TRIES = 50;

    private FreePort() {}

    /** A free port that is not promised to anybody yet. */
    static int find(IntPredicate promised) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        for (int i = 0; i < TRIES; i++) {
            try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
                if (!promised.test(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            }
        }
        throw new IOException("no free port of 127.0.0.1 was found in " + TRIES + " tries");
    }
}
