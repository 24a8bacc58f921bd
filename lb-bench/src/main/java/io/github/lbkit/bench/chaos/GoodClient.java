package io.github.lbkit.bench.chaos;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A client that alternates GET and PUT on persistent connections, and records each time and each failure. */
final class GoodClient implements Callable<GoodClient.Result> {
    private static final byte[] GET = ChaosServer.ascii("GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
    private static final byte[] PUT =
            ChaosServer.ascii("PUT /small HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde");
    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final int requests;

    /** The result: the time of each request in nanoseconds, and the reason of each failure. */
    record Result(List<Long> nanos, List<String> failures) {}

    GoodClient(int port, int requests) {
        this.port = port;
        this.requests = requests;
    }

    @Override
    public Result call() throws IOException {
        List<Long> nanos = new ArrayList<>(requests);
        List<String> failures = new ArrayList<>();
        Socket socket = connect();
        InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
        for (int i = 0; i < requests; i++) {
            long begin = System.nanoTime();
            try {
                socket.getOutputStream().write(i % 2 == 0 ? GET : PUT);
                String head = head(in);
                while (head.startsWith("HTTP/1.1 1")) {
                    head = head(in); // skips interim responses, which a server may send before it fails
                }
                if (!head.startsWith("HTTP/1.1 200") || in.read() != 'o' || in.read() != 'k') {
                    throw new IOException(head.lines().findFirst().orElse("no response"));
                }
            } catch (IOException e) {
                failures.add(String.valueOf(e.getMessage()));
                socket.close();
                socket = connect();
                in = new BufferedInputStream(socket.getInputStream(), 4096);
            }
            nanos.add(System.nanoTime() - begin);
        }
        socket.close();
        return new Result(nanos, failures);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the connection ended after '" + head + "'");
            }
            head.append((char) b);
        }
        return head.toString();
    }
}
