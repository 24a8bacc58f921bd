package io.github.lbkit.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A server that takes one request with a Content-Length of any size, and answers with its body's checksum in hex. */
final class SinkServer implements AutoCloseable {
    private final ServerSocket listener;

    SinkServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "sink-server");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            String field = "Content-Length: ";
            int at = head.indexOf(field) + field.length();
            long length = Long.parseLong(head.substring(at, head.indexOf("\r", at)));
            CRC32 sum = new CRC32();
            byte[] buffer = new byte[1 << 16];
            while (length > 0) {
                int read = in.read(buffer, 0, (int) Math.min(length, buffer.length));
                if (read < 0) {
                    return;
                }
                sum.update(buffer, 0, read);
                length -= read;
            }
            String body = Long.toHexString(sum.getValue());
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            in.read();
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
