package io.github.lbkit.examples.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that sends one request after the other on one connection, and reads responses with a length. */
public final class KeptAlive implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** Whether the response that was read last announced the end of the connection. */
    private boolean closing;

    public KeptAlive(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a request without a body and reads the response; returns the status. */
    public int get(String target) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return read();
    }

    /** Sends these bytes in one piece. */
    public void send(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a response; returns the status. */
    public int read() throws IOException {
        String status = line();
        int length = 0;
        closing = false;
        for (String field = line(); !field.isEmpty(); field = line()) {
            String lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            closing |= lower.equals("connection: close");
        }
        in.skipNBytes(length);
        return Integer.parseInt(status, 9, 12, 10);
    }

    public boolean announcedEnd() {
        return closing;
    }

    /** Whether the connection ends in order before another byte comes. */
    public boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException("the connection ended after '" + line + "'");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** Closes in the middle of a test. */
    public void leave() throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
