package io.github.lbkit.testkit.pool.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server in a process of its own: answers every request with its id, and ends with its standard input unless it is to be kept. */
final class TinyServer {
    private TinyServer() {}

    /** Listens on the port that is the first argument; the second is its id, the third {@code stop} or {@code keep}. */
    public static void main(String[] args) throws IOException {
        if (args[2].equals("stop")) {
            Thread input = new Thread(TinyServer::endWithInput, "input");
            input.setDaemon(true);
            input.start();
        }
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 50, loopback)) {
            while (true) {
                try (Socket socket = server.accept()) {
                    int ignored = socket.getInputStream().read(new byte[2000]);
                    String answer = ignored < 0 ? "" : "HTTP/1.0 200 OK\r\n\r\n" + args[1];
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    System.out.println("a connection failed: " + e);
                }
            }
        }
    }

    private static void endWithInput() {
        try (InputStream input = System.in) {
            while (input.read() >= 0) {}
        } catch (IOException e) {
            System.out.println("no more input: " + e);
        }
        Runtime.getRuntime().halt(0);
    }
}
