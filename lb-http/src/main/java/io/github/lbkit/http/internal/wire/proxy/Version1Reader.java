package io.github.lbkit.http.internal.wire.proxy;

import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.wire.BadMessageException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A reader of PROXY headers of version 1: one line of text. Stateless. */
final class Version1Reader {
    /** The maximum number of bytes of the line, with its CRLF. */
    static final int MAX_LENGTH = 107;

    private static final String BEGIN = "PROXY ";
    private static final int MAX_PORT = 65_535;

    private Version1Reader() {}

    static @Nullable ProxyHeader read(byte[] bytes, int from, int to) throws BadMessageException {
        ProxyHeaderReader.requireBeginning(BEGIN, bytes, from, to);
        int end = lineEnd(bytes, from, to);
        if (end < 0) {
            return null;
        }
        String line = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
        return new ProxyHeader(addresses(line.substring(BEGIN.length())), end + 2 - from);
    }

    /** Returns the position of the CRLF that ends the line; -1 while it has not come. */
    private static int lineEnd(byte[] bytes, int from, int to) throws BadMessageException {
        int longest = from + MAX_LENGTH - 2;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\r') {
                if (i + 1 == to) {
                    return -1;
                }
                if (bytes[i + 1] != '\n') {
                    throw BadMessageException.malformed("a CR without LF in a PROXY header");
                }
                return i;
            }
            if (bytes[i] == '\n') {
                throw BadMessageException.malformed("a LF without CR in a PROXY header");
            }
            if (i == longest) {
                throw BadMessageException.malformed("a PROXY header of version 1 longer than 107 bytes");
            }
        }
        return -1;
    }

    private static @Nullable ProxyAddresses addresses(String text) throws BadMessageException {
        String[] parts = text.split(" ", -1);
        if (parts[0].equals("UNKNOWN")) {
            return null; // the rest of the line is ignored
        }
        boolean isV4 = parts[0].equals("TCP4");
        if (!isV4 && !parts[0].equals("TCP6")) {
            throw BadMessageException.malformed("a PROXY header of another protocol than TCP4, TCP6 or UNKNOWN");
        }
        if (parts.length != 5) {
            throw BadMessageException.malformed("a PROXY header without two addresses and two ports");
        }
        return new ProxyAddresses(
                new InetSocketAddress(address(parts[1], isV4), port(parts[3])),
                new InetSocketAddress(address(parts[2], isV4), port(parts[4])));
    }

    private static InetAddress address(String text, boolean isV4) throws BadMessageException {
        InetAddress address = (text.indexOf(':') < 0) == isV4 ? IpText.parse(text) : null;
        if (address == null) {
            throw BadMessageException.malformed("no address of the protocol in a PROXY header");
        }
        return address;
    }

    private static int port(String text) throws BadMessageException {
        int port = text.matches("0|[1-9][0-9]{0,4}") ? Integer.parseInt(text) : MAX_PORT + 1;
        if (port > MAX_PORT) {
            throw BadMessageException.malformed("no port in a PROXY header");
        }
        return port;
    }
}
