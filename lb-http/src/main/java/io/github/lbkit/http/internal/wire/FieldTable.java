package io.github.lbkit.http.internal.wire;

import java.util.Arrays;

/**
 * The positions of the fields of a head, as offsets from its first byte. Grows with the number of fields. Confined to
 * the thread of its head.
 */
final class FieldTable {
    /**
     * The numbers per field: start of the name; end of the name, with the known number in the high bits; start and end
     * of the value.
     */
    private static final int STRIDE = 4;

    private static final int KNOWN_SHIFT = 24;
    private static final int OFFSET = (1 << KNOWN_SHIFT) - 1;
    private static final int FIRST_ROOM = 16;

    private int[] offsets;
    private int count;
    private long knownSet;

    FieldTable() {
        this(new int[STRIDE * FIRST_ROOM]);
    }

    private FieldTable(int[] offsets) {
        this.offsets = offsets;
    }

    FieldTable copy() {
        FieldTable copy = new FieldTable(Arrays.copyOf(offsets, count * STRIDE));
        copy.count = count;
        copy.knownSet = knownSet;
        return copy;
    }

    void clear() {
        count = 0;
        knownSet = 0;
    }

    int count() {
        return count;
    }

    int nameStart(int i) {
        return offsets[i * STRIDE];
    }

    int nameEnd(int i) {
        return offsets[i * STRIDE + 1] & OFFSET;
    }

    int known(int i) {
        return offsets[i * STRIDE + 1] >>> KNOWN_SHIFT;
    }

    int valueStart(int i) {
        return offsets[i * STRIDE + 2];
    }

    int valueEnd(int i) {
        return offsets[i * STRIDE + 3];
    }

    int findNext(int known, int from) {
        if ((knownSet & (1L << known)) != 0) {
            for (int i = from; i < count; i++) {
                if (known(i) == known) {
                    return i;
                }
            }
        }
        return -1;
    }

    void begin(int start) {
        if (count * STRIDE == offsets.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        offsets[count * STRIDE] = start;
    }

    void nameEnds(int end, int known) {
        offsets[count * STRIDE + 1] = end | (known << KNOWN_SHIFT);
        knownSet |= (1L << known);
    }

    void valueStarts(int start) {
        offsets[count * STRIDE + 2] = start;
    }

    void complete(int valueEnd) {
        offsets[count * STRIDE + 3] = valueEnd;
        count++;
    }
}
