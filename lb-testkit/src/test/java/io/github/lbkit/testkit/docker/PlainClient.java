package io.github.lbkit.testkit.docker;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A minimal HTTP client on one connection to a fake engine. Not thread-safe. */
final class PlainClient implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(64 * 1024).flip();

    /** A response. */
    record Received(int status, String head, String body) {}

    PlainClient(String host) throws IOException {
        this(
                host.startsWith("unix://")
                        ? UnixDomainSocketAddress.of(Path.of(host.substring("unix://".length())))
                        : new InetSocketAddress(
                                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                                Integer.parseInt(host.substring(host.lastIndexOf(':') + 1))));
    }

    PlainClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    Received call(String method, String target) throws IOException {
        return call(method, target, "");
    }

    Received call(String method, String target, String body) throws IOException {
        send(method, target, body);
        String head = head();
        int status = Integer.parseInt(head.substring(9, 12));
        int length = head.indexOf("Content-Length: ");
        if (length < 0 || method.equals("HEAD")) {
            return new Received(status, head, "");
        }
        int from = length + "Content-Length: ".length();
        return new Received(status, head, bytes(Integer.parseInt(head.substring(from, head.indexOf('\r', from)))));
    }

    void send(String method, String target, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        String head = method + " " + target + " HTTP/1.1\r\nHost: d\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(bytes);
        ByteBuffer out = ByteBuffer.wrap(all.toByteArray());
        while (out.hasRemaining()) {
            int unused = channel.write(out);
        }
    }

    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) read());
        }
        return head.toString();
    }

    /** Reads the next chunk of a chunked body; empty at its end. */
    String chunk() throws IOException {
        StringBuilder size = new StringBuilder();
        while (size.indexOf("\r\n") < 0) {
            size.append((char) read());
        }
        String chunk = bytes(Integer.parseInt(size.toString().trim(), 16));
        String end = bytes(2);
        return end.equals("\r\n") ? chunk : chunk + end;
    }

    private String bytes(int count) throws IOException {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            bytes.append((char) read());
        }
        return bytes.toString();
    }

    private int read() throws IOException {
        if (!in.hasRemaining()) {
            in.clear();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                throw new EOFException("the engine closed the connection");
            }
        }
        return in.get() & 0xff;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
