package io.github.lbkit.examples.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** One request on a connection of its own, byte for byte as given, and the whole answer. */
public record RawHttp(int status, List<String> fields, String body) {
    /** GET without further fields. */
    public static RawHttp get(InetSocketAddress address, String target) throws IOException {
        return send(address, "GET", target, "");
    }

    public static RawHttp json(InetSocketAddress address, String method, String target, String body)
            throws IOException {
        return send(address, method, target, body, "Content-Type: application/json");
    }

    /** Sends; {@code Host} is the address unless a field says another. */
    public static RawHttp send(InetSocketAddress address, String method, String target, String body, String... fields)
            throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nConnection: close\r\n");
        boolean hasHost = false;
        for (String field : fields) {
            head.append(field).append("\r\n");
            hasHost |= field.startsWith("Host:");
        }
        if (!hasHost) {
            head.append("Host: 127.0.0.1:").append(address.getPort()).append("\r\n");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(60_000);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            request.writeBytes(bytes);
            socket.getOutputStream().write(request.toByteArray());
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static RawHttp parse(String response) {
        int end = response.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("no response, but '" + response + "'");
        }
        List<String> lines = response.substring(0, end).lines().toList();
        String body = response.substring(end + 4);
        if (lines.stream().anyMatch(l -> l.equalsIgnoreCase("Transfer-Encoding: chunked"))) {
            throw new AssertionError("a chunked response is not expected here: " + response);
        }
        return new RawHttp(Integer.parseInt(lines.get(0), 9, 12, 10), lines.subList(1, lines.size()), body);
    }

    public String field(String name) {
        for (String field : fields) {
            if (field.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                return field.substring(name.length() + 1).strip();
            }
        }
        return "";
    }
}
