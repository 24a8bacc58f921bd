package io.github.lbkit.examples.testing;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A WebSocket server (RFC 6455) that sends each frame back. */
public final class WebSocketEcho implements AutoCloseable {
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final ServerSocket listener;

    public WebSocketEcho() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    /** The host and port. */
    public String authority() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, "web-socket-echo-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                start("connection", () -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            OutputStream out = socket.getOutputStream();
            out.write(switching(keyOf(in)).getBytes(StandardCharsets.US_ASCII));
            while (echo(in, out) != CLOSE) {
                // until the client closes
            }
        } catch (IOException ended) {
            // by the test
        }
    }

    private static String switching(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String keyOf(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        String field = "sec-websocket-key: ";
        return head.toString()
                .lines()
                .filter(line -> line.regionMatches(true, 0, field, 0, field.length()))
                .map(line -> line.substring(field.length()))
                .findFirst()
                .orElse("");
    }

    /** Reads a frame, and sends it back without its mask. Returns its opcode. */
    private static int echo(DataInputStream in, OutputStream out) throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        int opcode = first & 15;
        out.write(frame(opcode == PING ? 0x80 | PONG : first, payload));
        return opcode;
    }

    private static byte[] frame(int first, byte[] payload) {
        int size = payload.length < 126 ? 0 : payload.length < 1 << 16 ? 2 : 8;
        byte[] frame = new byte[2 + size + payload.length];
        frame[0] = (byte) first;
        frame[1] = (byte) (size == 0 ? payload.length : size == 2 ? 126 : 127);
        for (int i = 0; i < size; i++) {
            frame[2 + i] = (byte) ((long) payload.length >>> (8 * (size - 1 - i)));
        }
        System.arraycopy(payload, 0, frame, 2 + size, payload.length);
        return frame;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
