package io.github.lbkit.bench.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.SplittableRandom;

/** A client that misbehaves in random ways, each on a new connection, until it is stopped. */
final class BadClient implements Runnable {
    private static final byte[] GET_LARGE = ChaosServer.ascii("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");

    private final int port;
    private final SplittableRandom random;

    /** Written by the thread that ends the run, read by the thread of this client. */
    private volatile boolean stopped;

    BadClient(int port, SplittableRandom random) {
        this.port = port;
        this.random = random;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                misbehave(socket);
            } catch (IOException refused) {
                // the balancer may refuse or close the connection
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void misbehave(Socket socket) throws IOException, InterruptedException {
        switch (random.nextInt(9)) {
            case 0 -> trickle(socket, "GET /small HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyyyyyyyy");
            case 1 -> {
                send(socket, "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
                trickle(socket, "a".repeat(20));
            }
            case 2 -> {
                send(socket, "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                trickle(socket, "1\r\na\r\n".repeat(4));
            }
            case 3 -> {
                socket.getOutputStream().write(GET_LARGE); // and never reads
                Thread.sleep(500);
                reset(socket);
            }
            case 4 -> {
                socket.getOutputStream().write(GET_LARGE);
                int unused = socket.getInputStream().read(new byte[1000]);
                reset(socket);
            }
            case 5 -> send(socket, "\u0016\u0003\u0001 no http\r\n\r\n");
            case 6 -> {
                for (int i = 0; i < 2000; i++) {
                    // a flood of requests whose responses are never read
                    send(socket, "GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
                }
                reset(socket);
            }
            case 7 -> {
                send(socket, "GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
                socket.shutdownOutput();
                byte[] unused = socket.getInputStream().readAllBytes();
            }
            default -> {
                send(socket, "PUT /small HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
                socket.getOutputStream().write(new byte[1_000_000]);
                reset(socket);
            }
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(ChaosServer.ascii(text));
    }

    private static void trickle(Socket socket, String text) throws IOException, InterruptedException {
        for (int i = 0; i < text.length(); i++) {
            send(socket, text.substring(i, i + 1));
            Thread.sleep(20);
        }
        reset(socket);
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
