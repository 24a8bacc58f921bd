package io.github.lbkit.bench;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A server process that answers every request with one status, and a handle to start and kill it. */
final class TinyHttpServer implements AutoCloseable {
    private final Process process;
    private final int port;

    private TinyHttpServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static TinyHttpServer start(int status) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TinyHttpServer.class.getName(),
                        String.valueOf(status))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the server did not start");
        }
        return new TinyHttpServer(process, Integer.parseInt(line));
    }

    int port() {
        return port;
    }

    /** Kills the process like {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }

    /** Serves until the process is killed or the parent process has ended. */
    public static void main(String[] args) throws IOException {
        int status = Integer.parseInt(args[0]);
        byte[] response = ("HTTP/1.1 " + status + " Tiny\r\nContent-Type: text/plain\r\nContent-Length: 128\r\n\r\n"
                        + "x".repeat(128))
                .getBytes(StandardCharsets.US_ASCII);
        startThread(TinyHttpServer::endWithParent);
        try (ServerSocket socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress())) {
            System.out.println(socket.getLocalPort());
            while (true) {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                startThread(() -> serve(client, response));
            }
        }
    }

    private static void startThread(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the process at the end of standard input, a pipe from the parent process. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // the parent process sends nothing
            }
        } catch (IOException e) {
            // the pipe is closed, as at the end of the stream
        }
        System.exit(0);
    }

    private static void serve(Socket client, byte[] response) {
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream());
                OutputStream out = client.getOutputStream()) {
            for (int newlines = 0; ; ) {
                int b = in.read();
                if (b < 0) {
                    return;
                }
                newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
                if (newlines == 2) {
                    out.write(response);
                    newlines = 0;
                }
            }
        } catch (IOException e) {
            // the client closed the connection
        }
    }
}
