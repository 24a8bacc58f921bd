package io.github.lbkit.hashing.internal.numbered;

import java.util.Optional;

/**
 * The two parts of an id that ends in a number, such as S12. Immutable.
 *
 * @param prefix the id without the digits at its end
 * @param number the digits at its end, 1 to {@value #MAX_DIGITS} of them
 */
record NumberedId(String prefix, long number) {
    static final int MAX_DIGITS = 18;

    /** The parts of this id; empty if the id does not end in digits, or in too many of them. */
    static Optional<NumberedId> of(String id) {
        int start = id.length();
        while (start > 0 && id.charAt(start - 1) >= '0' && id.charAt(start - 1) <= '9') {
            start--;
        }
        int digits = id.length() - start;
        return digits == 0 || digits > MAX_DIGITS
                ? Optional.empty()
                : Optional.of(new NumberedId(id.substring(0, start), Long.parseLong(id.substring(start))));
    }
}
