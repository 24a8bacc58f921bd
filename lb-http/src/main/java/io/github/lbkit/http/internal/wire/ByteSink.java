package io.github.lbkit.http.internal.wire;

import java.util.Arrays;

/**
 * A growable buffer that bytes are put into: what a loop is about to write. Grows as needed and never shrinks; whoever
 * fills it bounds it. Confined to one thread.
 */
public final class ByteSink {
    private byte[] array;
    private int size;

    /** An empty sink with room for this many bytes. */
    public ByteSink(int capacity) {
        array = new byte[Math.max(32, capacity)];
    }

    /** The bytes: those before {@link #size} are in use. Another array after a put that grew it. */
    public byte[] array() {
        return array;
    }

    /** How many bytes are in it. */
    public int size() {
        return size;
    }

    /** Whether nothing is in it. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Empties it. */
    public void clear() {
        size = 0;
    }

    /** Takes back what was put behind this size. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("size " + newSize + " is not within 0 to " + size);
        }
        size = newSize;
    }

    /** Puts a byte. */
    public ByteSink put(byte b) {
        reserve(1);
        array[size++] = b;
        return this;
    }

    /** Puts all bytes. */
    public ByteSink put(byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    /** Puts the bytes from one position to before another. */
    public ByteSink put(byte[] bytes, int from, int to) {
        int length = to - from;
        reserve(length);
        System.arraycopy(bytes, from, array, size, length);
        size += length;
        return this;
    }

    /** Puts text, a byte a char: ASCII, or ISO-8859-1 as fields carry it. */
    @SuppressWarnings("deprecation") // the one way without allocation, and right for chars of one byte
    public ByteSink put(String text) {
        int length = text.length();
        reserve(length);
        text.getBytes(0, length, array, size);
        size += length;
        return this;
    }

    /** Puts a number from 0 on, in decimal digits. */
    public ByteSink putDecimal(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("number " + number + " is negative");
        }
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        reserve(digits);
        long rest = number;
        for (int at = size + digits - 1; at >= size; at--) {
            array[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    /** Puts a number from 0 on, in lower-case hexadecimal digits. */
    public ByteSink putHex(int number) {
        reserve(Integer.BYTES * 2);
        size = ChunkEncoder.writeHex(array, size, number);
        return this;
    }

    /** Puts a line end. */
    public ByteSink crlf() {
        reserve(2);
        array[size++] = '\r';
        array[size++] = '\n';
        return this;
    }

    /** Makes room for this many bytes, so that they can be written into {@link #array} and counted by {@link #advance}. */
    public void reserve(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, (int)
                    Math.min(Integer.MAX_VALUE - 8, Math.max(array.length * 2L, (long) size + more)));
        }
    }

    /** Counts bytes that were written into the array behind {@link #size}. */
    public void advance(int written) {
        if (written < 0 || written > array.length - size) {
            throw new IllegalArgumentException(
                    "written " + written + " is not within the room of " + (array.length - size));
        }
        size += written;
    }
}
