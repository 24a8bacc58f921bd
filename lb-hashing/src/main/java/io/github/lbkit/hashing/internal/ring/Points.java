package io.github.lbkit.hashing.internal.ring;

/**
 * The virtual nodes of a ring, sorted by position and then by owner; one may be there several times in a row. Immutable. A
 * position is a number of 64 bits without sign; a point owns what lies behind the point before it up to itself.
 */
public interface Points {
    /** The whole ring, in the unit of {@link #end}. */
    long WHOLE = 1L << 62;

    /** How many points there are, repeated ones among them. */
    int size();

    /** The first point at this position or behind it, clockwise: past the last it is the first; 0 if there is none. */
    int clockwise(long position);

    /** How many points are before this one, none counted again where it is repeated. */
    default int number(int point) {
        return point;
    }

    /** Where the next point is that is not this one repeated; {@link #size} behind the last. */
    default int after(int point) {
        return point + 1;
    }

    /** The index of a point's member. */
    int owner(int point);

    /** The index of the member whose point is the first at this position or behind it; there is a point. */
    default int ownerAt(long position) {
        return owner(clockwise(position));
    }

    /** Where a point stands, as far as its kind of points tells it; bits that it does not tell are 0. */
    long position(int point);

    /** How much of the ring lies before the end of a point's part, in parts of 2^−62. */
    long end(int point);
}
