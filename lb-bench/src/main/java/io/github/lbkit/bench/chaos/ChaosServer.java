package io.github.lbkit.bench.chaos;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/** An HTTP/1.1 server on loopback with a thread for each connection. A bad one misbehaves in random ways. */
final class ChaosServer implements AutoCloseable {
    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static final byte[] LARGE_HEAD = ascii("HTTP/1.1 200 OK\r\nContent-Length: 4194304\r\n\r\n");
    private static final byte[] BLOCK = new byte[64 * 1024];
    private static final int LARGE_BLOCKS = 64;

    private final ServerSocket listener;
    private final boolean bad;
    private final SplittableRandom seeds;

    ChaosServer(boolean bad, long seed) throws IOException {
        this.bad = bad;
        seeds = new SplittableRandom(seed);
        listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
        start("chaos-accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                SplittableRandom random = seeds.split();
                start("chaos-server", () -> serve(socket, random));
            } catch (IOException closed) {
                return;
            }
        }
    }

    static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket connection, SplittableRandom random) {
        try (Socket socket = connection) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            boolean open = true;
            while (open) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                open = (bad && random.nextInt(4) > 0) ? misbehave(socket, random) : respond(socket, in, head);
            }
        } catch (IOException | InterruptedException ended) {
            // the balancer closed the connection, or the run has ended
        }
    }

    private static boolean respond(Socket socket, InputStream in, String head) throws IOException {
        long length = contentLength(head);
        if (length > 0) {
            in.skipNBytes(length);
        }
        if (head.startsWith("GET /large")) {
            socket.getOutputStream().write(LARGE_HEAD);
            for (int i = 0; i < LARGE_BLOCKS; i++) {
                socket.getOutputStream().write(BLOCK);
            }
        } else {
            socket.getOutputStream().write(OK);
        }
        return true;
    }

    /** Misbehaves once instead of a response; returns whether the connection stays open. */
    private static boolean misbehave(Socket socket, SplittableRandom random) throws IOException, InterruptedException {
        switch (random.nextInt(9)) {
            case 0 -> socket.setSoLinger(true, 0); // the close then sends a reset
            case 1 -> socket.getOutputStream().write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"));
            case 2 -> socket.getOutputStream().write(ascii("SSH-2.0-chaos\r\n"));
            case 3 ->
                socket.getOutputStream()
                        .write(ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\nContent-Length: 1\r\n\r\n"));
            case 4 -> {
                socket.getOutputStream().write(ascii("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
                return true;
            }
            case 5 -> Thread.sleep(400); // then closes without a response
            case 6 -> {
                for (int i = 0; i < 100; i++) {
                    socket.getOutputStream().write(ascii("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"));
                }
            }
            case 7 -> {
                socket.getOutputStream().write(OK); // and a second response without a request
                socket.getOutputStream().write(OK);
                return true;
            }
            default -> {
                return false; // closes at once
            }
        }
        return false;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static long contentLength(String head) {
        String field = "content-length: ";
        int at = head.toLowerCase(Locale.ROOT).indexOf(field);
        return at < 0 ? 0 : Long.parseLong(head.substring(at + field.length(), head.indexOf("\r", at)));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
