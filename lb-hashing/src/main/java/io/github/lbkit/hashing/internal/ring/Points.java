package io.github.lbkit.hashing.internal.ring;

/**
 * The virtual nodes of a ring, sorted by position and then by owner. A point may be repeated in adjacent places.
 * Immutable. A position is an unsigned number of 64 bits. A point owns the positions after the previous point, up to
 * and including its own.
 */
public interface Points {
    /** The length of the whole ring, in the unit of {@link #end}. */
    long WHOLE = 1L << 62;

    /** The number of points, including repeated ones. */
    int size();

    /**
     * Returns the first point at or after this position; past the last point, the first one. 0 if there is no point.
     */
    int clockwise(long position);

    /** Returns the number of distinct points before this one. */
    default int number(int point) {
        return point;
    }

    /** Returns the next point that is not this one repeated; {@link #size} after the last one. */
    default int after(int point) {
        return point + 1;
    }

    /** Returns the index of the member that has a point. */
    int owner(int point);

    /** Returns the index of the member whose point is the first at or after this position, if there is a point. */
    default int ownerAt(long position) {
        return owner(clockwise(position));
    }

    /** Returns the position of a point. Bits that the implementation does not store are 0. */
    long position(int point);

    /** Returns the end of a point's arc, as a distance from position 0 in units of 2^−62 of the ring. */
    long end(int point);
}
