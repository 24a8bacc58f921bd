package io.github.lbkit.bench.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.SplittableRandom;

/** A client that does one bad thing after the other, each on a connection of its own, until it is told to stop. */
final class BadClient implements Runnable {
    private static final byte[] GET_LARGE = ChaosServer.ascii("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");

    private final int port;
    private final SplittableRandom random;

    /** Written by whoever ends the run. */
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
                // as it may be
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
                socket.getOutputStream().write(GET_LARGE); // and read nothing
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
                    send(socket, "GET /small HTTP/1.1\r\nHost: a\r\n\r\n"); // a flood, of which no answer is read
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
