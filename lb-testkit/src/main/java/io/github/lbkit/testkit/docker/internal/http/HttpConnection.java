package io.github.lbkit.testkit.docker.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, as HTTP/1.1 requests and responses. Confined to one thread, except {@link #awaitEnd} and
 * {@link #close}.
 */
final class HttpConnection {
    private static final byte[] CRLF = {'\r', '\n'};

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024).flip();

    HttpConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /** Reads the next call; null if the client has closed the connection. */
    @Nullable
    Request read() throws IOException {
        String first = line(true);
        if (first == null) {
            return null;
        }
        String[] parts = first.split(" ", -1);
        if (parts.length != 3) {
            throw new EOFException("'" + first + "' is not a request line");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = header(); !header.isEmpty(); header = header()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        }
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return Request.of(parts[0], parts[1], body(headers));
    }

    /** Writes a response whose body is complete. */
    void write(Response response, boolean withBody) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head(response, "Content-Length: " + response.body.length));
        if (withBody) {
            out.writeBytes(response.body);
        }
        write(out.toByteArray());
    }

    /** Writes the head and the first half of the body, as an engine that dies while it answers. */
    void writeTruncated(Response response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head(response, "Content-Length: " + (response.body.length + 1)));
        out.write(response.body, 0, response.body.length / 2);
        write(out.toByteArray());
    }

    /** Writes the head of a response whose body follows in chunks. */
    void writeHead(Response response) throws IOException {
        write(head(response, "Transfer-Encoding: chunked"));
    }

    void writeChunk(byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(bytes);
            out.writeBytes(CRLF);
            write(out.toByteArray());
        }
    }

    void writeLastChunk() throws IOException {
        write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Discards input until the client closes the connection; may run on one thread while another writes. */
    void awaitEnd() throws IOException {
        ByteBuffer ignored = ByteBuffer.allocate(1024);
        while (channel.read(ignored) >= 0) {
            ignored.clear();
        }
    }

    void close() throws IOException {
        channel.close();
    }

    private static byte[] head(Response response, String framing) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status + " Fake\r\n");
        if (!response.type.isEmpty()) {
            head.append("Content-Type: ").append(response.type).append("\r\n");
        }
        response.headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (response.status != 204 && response.status != 304) {
            head.append(framing).append("\r\n");
        }
        return head.append("Server: fake\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                bytes(size, body);
                header();
            }
            while (!header().isEmpty()) {
                // trailers are ignored
            }
        } else {
            bytes(Integer.parseInt(headers.getOrDefault("content-length", "0")), body);
        }
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        String line = header();
        int extension = line.indexOf(';');
        return Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).trim(), 16);
    }

    private void bytes(int count, ByteArrayOutputStream into) throws IOException {
        for (int left = count; left > 0; ) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the client closed the connection within a body");
            }
            int some = Math.min(left, in.remaining());
            into.write(in.array(), in.position(), some);
            in.position(in.position() + some);
            left -= some;
        }
    }

    private String header() throws IOException {
        String line = line(false);
        if (line == null) {
            throw new EOFException("the client closed the connection within a head");
        }
        return line;
    }

    private @Nullable String line(boolean mayEnd) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (!in.hasRemaining() && !fill()) {
                if (mayEnd && line.size() == 0) {
                    return null;
                }
                throw new EOFException("the client closed the connection within a line");
            }
            byte b = in.get();
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).strip();
            }
            line.write(b);
        }
    }

    private boolean fill() throws IOException {
        in.clear();
        int count = channel.read(in);
        in.flip();
        return count > 0;
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            int unused = channel.write(out);
        }
    }
}
