package io.github.lbkit.http.internal.wire;

import java.util.Arrays;

/**
 * A growable buffer for bytes that an event loop is about to write. It grows as needed and never shrinks; the code that
 * fills it limits its size. Confined to one thread.
 */
public final class ByteSink {
    private byte[] array;
    private int size;

    /** Creates an empty buffer with room for this many bytes. */
    public ByteSink(int capacity) {
        array = new byte[Math.max(32, capacity)];
    }

    /**
     * Returns the array, of which the bytes before {@link #size} are in use. A put that needs more room replaces the
     * array.
     */
    public byte[] array() {
        return array;
    }

    /** Returns the number of bytes in use. */
    public int size() {
        return size;
    }

    /** Returns whether no bytes are in use. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Removes all bytes. */
    public void clear() {
        size = 0;
    }

    /** Removes the bytes from this position on. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("size " + newSize + " is not within 0 to " + size);
        }
        size = newSize;
    }

    /** Appends a byte. */
    public ByteSink put(byte b) {
        reserve(1);
        array[size++] = b;
        return this;
    }

    /** Appends all bytes. */
    public ByteSink put(byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    /** Appends the bytes from the first position (inclusive) to the second (exclusive). */
    public ByteSink put(byte[] bytes, int from, int to) {
        int length = to - from;
        reserve(length);
        System.arraycopy(bytes, from, array, size, length);
        size += length;
        return this;
    }

    /** Appends text, one byte per char: ASCII, or ISO-8859-1 in field values. */
    @SuppressWarnings("deprecation") // the only way without allocation, and correct for chars of one byte
    public ByteSink put(String text) {
        int length = text.length();
        reserve(length);
        text.getBytes(0, length, array, size);
        size += length;
        return this;
    }

    /** Appends a number from 0 on, in decimal digits. */
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

    /** Appends a number from 0 on, in lower-case hexadecimal digits. */
    public ByteSink putHex(int number) {
        reserve(Integer.BYTES * 2);
        size = Octets.writeHex(array, size, number);
        return this;
    }

    /** Appends a line end. */
    public ByteSink crlf() {
        reserve(2);
        array[size++] = '\r';
        array[size++] = '\n';
        return this;
    }

    /**
     * Ensures room for this many bytes, so that they can be written into {@link #array} and counted by
     * {@link #advance}.
     */
    public void reserve(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, (int)
                    Math.min(Integer.MAX_VALUE - 8, Math.max(array.length * 2L, (long) size + more)));
        }
    }

    /** Counts bytes that were written into the array from position {@link #size} on. */
    public void advance(int written) {
        if (written < 0 || written > array.length - size) {
            throw new IllegalArgumentException(
                    "written " + written + " is not within the room of " + (array.length - size));
        }
        size += written;
    }
}
