package io.github.lbkit.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A client that sends what a test says and reads what comes, byte by byte. */
final class RawClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    final Socket socket = new Socket();
    /** The trailers of the responses so far. */
    final List<String> trailers = new ArrayList<>();

    private final InputStream in;

    /** A response as it came; a body is decoded from chunks. */
    record Response(String statusLine, List<String> fields, String body) {
        int status() {
            return Integer.parseInt(statusLine.substring(9, 12));
        }

        Optional<String> field(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return fields.stream()
                    .filter(f -> f.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(f -> f.substring(prefix.length()).strip())
                    .findFirst();
        }
    }

    private RawClient(InetSocketAddress address, int receiveBuffer) {
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(address, READ_TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RawClient to(ReverseProxy proxy) {
        return new RawClient(proxy.address(), 0);
    }

    /** A client whose kernel takes little before the client reads. */
    static RawClient slow(ReverseProxy proxy) {
        return new RawClient(proxy.address(), 4096);
    }

    RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a GET of this path, and reads the response. */
    Response get(String path) {
        return send("GET " + path + " HTTP/1.1\r\nHost: lb.test\r\n\r\n").read();
    }

    /** Reads a response, interim or final, to a request other than HEAD. */
    Response read() {
        return read(false);
    }

    /** Reads a response to HEAD. */
    Response readHeadOnly() {
        return read(true);
    }

    private Response read(boolean toHead) {
        try {
            String statusLine = line();
            List<String> fields = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                fields.add(line);
            }
            Response head = new Response(statusLine, List.copyOf(fields), "");
            int status = head.status();
            if (toHead || status < 200 || status == 204 || status == 304) {
                return head;
            }
            return new Response(statusLine, head.fields(), body(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String body(Response head) throws IOException {
        if (head.field("Transfer-Encoding").isPresent()) {
            return chunks();
        }
        Optional<String> length = head.field("Content-Length");
        return length.isPresent() ? exactly(Integer.parseInt(length.get())) : readToEnd();
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.append(exactly(size));
            line();
        }
        for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
            trailers.add(trailer);
        }
        return body.toString();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    /** Reads so many bytes. */
    String exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ended after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads to the end of the connection. */
    String readToEnd() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nothing more comes, and the connection ends in order. */
    boolean isAtEnd() {
        return readToEnd().isEmpty();
    }

    InputStream in() {
        return in;
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException(
                        "the connection ended after '" + line.toString(StandardCharsets.ISO_8859_1) + "'");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new IOException("a line without a carriage return: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    void halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes in the middle of a test. */
    void leave() {
        close();
    }

    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
