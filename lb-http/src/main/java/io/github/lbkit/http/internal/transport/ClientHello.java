package io.github.lbkit.http.internal.transport;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a client's first message that are needed before there is a TLS engine: the name of the server (RFC 6066,
 * section 3) and the application protocols (RFC 7301). A malformed message has neither; the engine refuses it with the
 * right alert. Immutable.
 *
 * @param serverName the host name that the client wants, in lower case; null if it sent none
 * @param applicationProtocols the offered protocols in the order of the client
 */
record ClientHello(@Nullable String serverName, List<String> applicationProtocols) {
    /** The maximum number of bytes of the message, the headers of its records included. */
    static final int MAX_BYTES = 16 * 1024;

    /** A message that cannot be read. */
    static final ClientHello UNREADABLE = new ClientHello(null, List.of());

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final int MAX_FRAGMENT = 16 * 1024;
    private static final int CLIENT_HELLO = 1;
    private static final int MESSAGE_HEADER = 4;
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int MAX_NAME = 255;
    private static final int APPLICATION_PROTOCOLS = 16;

    /** Copies the list. */
    ClientHello {
        applicationProtocols = List.copyOf(applicationProtocols);
    }

    /**
     * Reads the message from the records that were received so far.
     *
     * @return null while the message is incomplete
     */
    static @Nullable ClientHello read(byte[] bytes, int from, int to) {
        byte[] message = new byte[0];
        int at = from;
        while (true) {
            if (to - at > 0 && bytes[at] != HANDSHAKE) {
                return UNREADABLE;
            }
            if (to - at < RECORD_HEADER) {
                return null;
            }
            int length = u16(bytes, at + 3);
            if (bytes[at + 1] != 3 || length == 0 || length > MAX_FRAGMENT) {
                return UNREADABLE;
            }
            int begin = at + RECORD_HEADER;
            int end = Math.min(to, begin + length);
            message = append(message, bytes, begin, end);
            if (message.length > 0 && message[0] != CLIENT_HELLO) {
                return UNREADABLE;
            }
            if (message.length >= MESSAGE_HEADER) {
                int size = MESSAGE_HEADER + u24(message, 1);
                if (size > MAX_BYTES) {
                    return UNREADABLE;
                }
                if (message.length >= size) {
                    return parse(new Cursor(message, MESSAGE_HEADER, size));
                }
            }
            if (end < begin + length) {
                return null;
            }
            at = end;
        }
    }

    private static byte[] append(byte[] message, byte[] bytes, int from, int to) {
        byte[] both = Arrays.copyOf(message, message.length + to - from);
        System.arraycopy(bytes, from, both, message.length, to - from);
        return both;
    }

    private static ClientHello parse(Cursor body) {
        body.skip(VERSION_AND_RANDOM);
        body.skip(body.u8()); // session id
        body.skip(body.u16()); // cipher suites
        body.skip(body.u8()); // compression methods
        Cursor extensions = body.part(body.u16());
        String name = null;
        List<String> protocols = List.of();
        while (extensions.hasMore()) {
            int type = extensions.u16();
            Cursor content = extensions.part(extensions.u16());
            if (type == SERVER_NAME) {
                name = serverName(content);
            } else if (type == APPLICATION_PROTOCOLS) {
                protocols = protocols(content);
            }
        }
        return body.failed() || extensions.failed() ? UNREADABLE : new ClientHello(name, protocols);
    }

    private static @Nullable String serverName(Cursor content) {
        Cursor names = content.part(content.u16());
        while (names.hasMore()) {
            int type = names.u8();
            Cursor name = names.part(names.u16());
            if (type == HOST_NAME) {
                return hostName(name.text());
            }
        }
        return null;
    }

    /** Returns the name in lower case; null if no host can have it. */
    private static @Nullable String hostName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME) {
            return null;
        }
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            c = c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')) {
                return null;
            }
            lower.append(c);
        }
        return lower.toString();
    }

    private static List<String> protocols(Cursor content) {
        Cursor list = content.part(content.u16());
        List<String> protocols = new ArrayList<>();
        while (list.hasMore()) {
            protocols.add(list.part(list.u8()).text());
        }
        return list.failed() ? List.of() : protocols;
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    private static int u24(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 16 | u16(bytes, at + 1);
    }

    /** A position in a part of the message. A read past the end of the part fails the cursor and returns 0. */
    private static final class Cursor {
        private final byte[] bytes;
        private final int end;
        private int at;
        private boolean failed;

        Cursor(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        boolean hasMore() {
            return at < end && !failed;
        }

        boolean failed() {
            return failed;
        }

        private boolean take(int count) {
            if (failed || count > end - at) {
                failed = true;
                at = end;
                return false;
            }
            at += count;
            return true;
        }

        void skip(int count) {
            take(count);
        }

        int u8() {
            return take(1) ? bytes[at - 1] & 0xff : 0;
        }

        int u16() {
            return take(2) ? ClientHello.u16(bytes, at - 2) : 0;
        }

        Cursor part(int count) {
            return take(count) ? new Cursor(bytes, at - count, at) : new Cursor(bytes, at, at);
        }

        String text() {
            return new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
        }
    }
}
