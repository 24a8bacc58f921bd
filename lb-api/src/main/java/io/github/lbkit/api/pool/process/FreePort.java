package io.github.lbkit.api.pool.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.IntPredicate;

/** A finder of free ports of the loopback interface. Another program may take a port before it is used. */
final class FreePort {
    private static final int TRIES = 50;

    private FreePort() {}

    /** Returns a free port that is not promised yet. */
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
