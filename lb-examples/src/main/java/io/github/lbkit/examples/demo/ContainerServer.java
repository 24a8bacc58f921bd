package io.github.lbkit.examples.demo;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The main class of a demo server in a container. It listens on all addresses, port {@value #PORT}, with the id from
 * its environment.
 */
public final class ContainerServer {
    /** The port of the server. */
    public static final int PORT = 5000;

    /** The environment variable with the id. */
    public static final String ID = "SERVER_ID";

    private ContainerServer() {}

    /** Serves until the process is stopped. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String id = System.getenv().getOrDefault(ID, "S1");
        ServerProcess.serve(id, new InetSocketAddress(PORT), DemoServer.Load.NONE, false);
    }
}
