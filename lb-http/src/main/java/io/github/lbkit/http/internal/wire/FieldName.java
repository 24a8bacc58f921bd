package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The numbers of the fields that the proxy reads, removes or sets. Stateless. */
public final class FieldName {
    /** Any other field, which is forwarded unread. */
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
    /** {@code Forwarded} (RFC 7239). */
    public static final int FORWARDED = 19;
    /** {@code Via}. */
    public static final int VIA = 20;

    /** {@code Max-Forwards}. */
    public static final int MAX_FORWARDS = 21;

    /** {@code Proxy}, which many server frameworks confuse with the environment variable {@code HTTP_PROXY}. */
    public static final int PROXY = 22;

    /**
     * A name of this list with {@code _} in place of {@code -}, which many server frameworks treat as the same name.
     */
    public static final int ALIAS = 23;

    /** Every other field {@code X-Forwarded-…}. */
    public static final int X_FORWARDED_OTHER = 24;

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

    /** Returns the number of the field with this name, in any case. The bytes must be a token. */
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
        return prefixed ? X_FORWARDED_OTHER : OTHER;
    }

    /** Returns whether the field is hop-by-hop even if Connection does not list it (RFC 9110 7.6.1). */
    public static boolean isHopByHop(int id) {
        return id >= CONNECTION && id <= HTTP2_SETTINGS;
    }

    /** Returns 1 if the bytes are the name, ALIAS if they differ only by {@code _}, otherwise OTHER. */
    private static int match(byte[] bytes, int from, byte[] name) {
        int result = 1;
        for (int i = 0; i < name.length; i++) {
            byte b = bytes[from + i];
            byte expected = name[i];
            // in a token, only letters pair with another letter, digit or hyphen that differs in this bit
            if ((b | 0x20) != expected) {
                if (b != '_' || expected != '-') {
                    return OTHER;
                }
                result = ALIAS;
            }
        }
        return result;
    }

    /** A hash that is different for each known name, and differs from theirs for the most frequent other fields. */
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
