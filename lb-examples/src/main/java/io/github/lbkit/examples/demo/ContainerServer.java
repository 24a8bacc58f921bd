package io.github.lbkit.examples.demo;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A container that is one demo server: on all of its own addresses, port {@value #PORT}, under the id of its environment. */
public final class ContainerServer {
    /** Where it listens. */
    public static final int PORT = 5000;

    /** The environment variable of its id. */
    public static final String ID = "SERVER_ID";

    private ContainerServer() {}

    /** Serves until it is stopped. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String id = System.getenv().getOrDefault(ID, "S1");
        ServerProcess.serve(id, new InetSocketAddress(PORT), DemoServer.Load.NONE, false);
    }
}
