package io.github.lbkit.hashing.internal.numbered;

import java.util.Optional;

/**
 * An id that ends in a number, such as S12, in its two parts. Immutable.
 *
 * @param prefix the id without the digits at the end
 * @param number the number in the 1 to {@value #MAX_DIGITS} digits at the end
 */
record NumberedId(String prefix, long number) {
    static final int MAX_DIGITS = 18;

    /** Returns the parts of an id; empty if it does not end in 1 to {@value #MAX_DIGITS} digits. */
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
