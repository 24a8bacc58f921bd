package io.github.lbkit.hashing.internal.hash;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A view of bytes as the characters 0 to 255, without a copy. Immutable as long as the bytes do not change. */
public final class Latin1Characters implements CharSequence {
    private final byte[] bytes;
    private final int start;
    private final int length;

    /** Creates a view of a range of the bytes. */
    public Latin1Characters(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.start = Objects.checkFromIndexSize(start, length, bytes.length);
        this.length = length;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return (char) (bytes[start + Objects.checkIndex(index, length)] & 0xFF);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return new Latin1Characters(bytes, start + from, to - from);
    }

    @Override
    public String toString() {
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }
}
