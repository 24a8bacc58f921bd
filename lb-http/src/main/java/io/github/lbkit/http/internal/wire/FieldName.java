package io.github.lbkit.http.internal.wire;

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
    /** A name above with {@code _} in the place of {@code -}: many servers' frameworks take one for the other. */
    public static final int ALIAS = 20;

    private static final String[] NAMES = {
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
        "forwarded"
    };
    private static final String PREFIX = "x-forwarded-";
    private static final byte[][] IDS_BY_LENGTH = idsByLength();

    private FieldName() {}

    /** Which field this name is, in any case. The bytes must be a token. */
    public static int of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= IDS_BY_LENGTH.length) {
            return prefixed(bytes, from, to);
        }
        for (byte id : IDS_BY_LENGTH[length]) {
            String name = NAMES[id];
            if ((bytes[from] | 0x20) == name.charAt(0)) {
                int match = match(bytes, from, name);
                if (match != OTHER) {
                    return match == ALIAS ? ALIAS : id;
                }
            }
        }
        return prefixed(bytes, from, to);
    }

    /** Whether the field belongs to one connection, whatever Connection says (RFC 9110 7.6.1). */
    static boolean isHopByHop(int id) {
        return id >= CONNECTION && id <= HTTP2_SETTINGS;
    }

    private static int prefixed(byte[] bytes, int from, int to) {
        if (to - from > PREFIX.length() && (bytes[from] | 0x20) == 'x') {
            return match(bytes, from, PREFIX) == OTHER ? OTHER : FORWARDED;
        }
        return OTHER;
    }

    /** OTHER if it is not the name, ALIAS if it is but for {@code _}, else 1. */
    private static int match(byte[] bytes, int from, String name) {
        int result = 1;
        for (int i = 0; i < name.length(); i++) {
            byte b = bytes[from + i];
            char expected = name.charAt(i);
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

    private static byte[][] idsByLength() {
        int longest = 0;
        for (String name : NAMES) {
            longest = Math.max(longest, name.length());
        }
        byte[][] ids = new byte[longest + 1][0];
        for (byte id = 1; id < NAMES.length; id++) {
            byte[] same = ids[NAMES[id].length()];
            byte[] more = java.util.Arrays.copyOf(same, same.length + 1);
            more[same.length] = id;
            ids[NAMES[id].length()] = more;
        }
        return ids;
    }
}
