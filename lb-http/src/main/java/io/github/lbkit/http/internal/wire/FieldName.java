package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The fields that this proxy reads, removes or sets, by small numbers. Stateless. */
public final class FieldName {
    /** A field that is passed on unread. */
    public static final int OTHER = 0;

    /** {@code Connection}. */
    public static final int CONNECTION = 1;
    /** {@code Keep-Alive}. */
    public static final int KEEP_ALIVE = 2;
    /** {@code Proxy-Connection}. */
    public static final int PROXY_CONNECTION = 3;
    /** {@code Proxy-Authenticate}. */
    public static final int PROXY_AUTHENTICATE = 4;
    /** {@code Proxy-Authorization}. */
    public static final int PROXY_AUTHORIZATION = 5;
    /** {@code TE}. */
    public static final int TE = 6;
    /** {@code Trailer}. */
    public static final int TRAILER = 7;
    /** {@code Transfer-Encoding}. */
    public static final int TRANSFER_ENCODING = 8;
    /** {@code Upgrade}. */
    public static final int UPGRADE = 9;
    /** {@code HTTP2-Settings}. */
    public static final int HTTP2_SETTINGS = 10;

    /** {@code Content-Length}. */
    public static final int CONTENT_LENGTH = 11;
    /** {@code Host}. */
    public static final int HOST = 12;
    /** {@code Expect}. */
    public static final int EXPECT = 13;
    /** {@code Date}. */
    public static final int DATE = 14;
    /** {@code X-Request-Id}. */
    public static final int X_REQUEST_ID = 15;
    /** {@code X-Forwarded-For}. */
    public static final int X_FORWARDED_FOR = 16;
    /** {@code X-Forwarded-Proto}. */
    public static final int X_FORWARDED_PROTO = 17;
    /** {@code X-Forwarded-Host}. */
    public static final int X_FORWARDED_HOST = 18;
    /** {@code Forwarded} (RFC 7239), and every other {@code X-Forwarded-…}. */
    public static final int FORWARDED = 19;
    /** {@code Via}. */
    public static final int VIA = 20;

    /** {@code Max-Forwards}. */
    public static final int MAX_FORWARDS = 21;

    /** {@code Proxy}, which many servers' frameworks take for the environment variable {@code HTTP_PROXY}. */
    public static final int PROXY = 22;

    /** A name above with {@code _} in the place of {@code -}: many servers' frameworks take one for the other. */
    public static final int ALIAS = 23;

    private static final byte[][] NAMES = Stream.of(
                    "",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings",
                    "content-length",
                    "host",
                    "expect",
                    "date",
                    "x-request-id",
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "forwarded",
                    "via",
                    "max-forwards",
                    "proxy")
            .map(name -> name.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    private static final byte[] PREFIX = "x-forwarded-".getBytes(StandardCharsets.US_ASCII);
    private static final int MASK = 127;
    private static final byte[] ID_BY_HASH = idByHash();

    private FieldName() {}

    /** Which field this name is, in any case. The bytes must be a token. */
    public static int of(byte[] bytes, int from, int to) {
        int first = bytes[from] | 0x20;
        int id = ID_BY_HASH[hash(to - from, first, bytes[to - 1] | 0x20)];
        if (id != OTHER && NAMES[id].length == to - from) {
            int match = match(bytes, from, NAMES[id]);
            if (match != OTHER) {
                return match == ALIAS ? ALIAS : id;
            }
        }
        boolean prefixed = first == 'x' && to - from > PREFIX.length && match(bytes, from, PREFIX) != OTHER;
        return prefixed ? FORWARDED : OTHER;
    }

    /** Whether the field belongs to one connection, whatever Connection says (RFC 9110 7.6.1). */
    static boolean isHopByHop(int id) {
        return id >= CONNECTION && id <= HTTP2_SETTINGS;
    }

    /** OTHER if it is not the name, ALIAS if it is but for {@code _}, else 1. */
    private static int match(byte[] bytes, int from, byte[] name) {
        int result = 1;
        for (int i = 0; i < name.length; i++) {
            byte b = bytes[from + i];
            byte expected = name[i];
            // in a token, only letters have a twin that differs by this bit and is a letter, a digit or a hyphen
            if ((b | 0x20) != expected) {
                if (b != '_' || expected != '-') {
                    return OTHER;
                }
                result = ALIAS;
            }
        }
        return result;
    }

    /** Gives each known name another number, and none of them to the fields that browsers and servers send most. */
    private static int hash(int length, int first, int last) {
        return ((length + first) * 12 + last) & MASK;
    }

    private static byte[] idByHash() {
        byte[] ids = new byte[MASK + 1];
        for (byte id = 1; id < NAMES.length; id++) {
            byte[] name = NAMES[id];
            int hash = hash(name.length, name[0], name[name.length - 1]);
            if (ids[hash] != OTHER) {
                throw new AssertionError("fields " + ids[hash] + " and " + id + " have the same hash");
            }
            ids[hash] = id;
        }
        return ids;
    }
}
