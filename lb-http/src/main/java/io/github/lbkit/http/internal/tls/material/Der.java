package io.github.lbkit.http.internal.tls.material;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The few parts of DER (X.690) that turn older forms of private keys into PKCS#8. Stateless. */
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    /** The tag of the curve in a SEC1 key: constructed, context-specific 0. */
    static final int CONTEXT_0 = 0xa0;

    /** The algorithm identifier of RSA: 1.2.840.113549.1.1.1 with NULL. */
    static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** The object identifier of keys on elliptic curves: 1.2.840.10045.2.1. */
    static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};

    private Der() {}

    /** Returns a PKCS#8 key (RFC 5958) with this algorithm identifier and this key in the algorithm's own form. */
    static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
    }

    /** Returns an element with these parts as content. */
    static byte[] element(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /**
     * A reader of the elements in a part of an array. Confined to one thread.
     *
     * <p>Every method throws {@link IllegalArgumentException} if the bytes are not DER.
     */
    static final class Reader {
        private final byte[] bytes;
        private int position;
        private final int end;

        Reader(byte[] bytes) {
            this(bytes, 0, bytes.length);
        }

        private Reader(byte[] bytes, int position, int end) {
            this.bytes = bytes;
            this.position = position;
            this.end = end;
        }

        /** Returns whether there is no further element. */
        boolean isAtEnd() {
            return position >= end;
        }

        /** Returns the tag of the next element. */
        int tag() {
            return next(position);
        }

        /** Returns the content of the next element, which must have this tag, and moves behind it. */
        Reader enter(int tag) {
            if (tag() != tag) {
                throw new IllegalArgumentException("not the expected element");
            }
            return body();
        }

        /** Returns the next element as a whole, and moves behind it. */
        byte[] element() {
            int from = position;
            body();
            return Arrays.copyOfRange(bytes, from, position);
        }

        private Reader body() {
            int first = next(position + 1);
            int start = position + 2;
            int length = first;
            if (first >= 0x80) {
                length = 0;
                for (int more = first & 0x7f; more > 0; more--) {
                    length = (length << 8) | next(start++);
                }
            }
            if (length < 0 || length > end - start) {
                throw new IllegalArgumentException("an element is longer than its surroundings");
            }
            position = start + length;
            return new Reader(bytes, start, position);
        }

        private int next(int index) {
            if (index >= end) {
                throw new IllegalArgumentException("an element is cut off");
            }
            return bytes[index] & 0xff;
        }
    }
}
