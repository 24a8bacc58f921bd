package io.github.lbkit.hashing.internal.hash;

import io.github.lbkit.api.KeyHash;

/**
 * The numbering of requests of the course assignment. A key of 1 to 18 digits is the number itself. Any other key gets
 * the number 100000 + hash mod 900000. A request without a key gets a random number of six digits. A key that is a
 * number is hashed as its decimal digits. Immutable.
 */
public final class AssignmentKeyHash implements KeyHash {
    /** The only instance. */
    public static final AssignmentKeyHash INSTANCE = new AssignmentKeyHash();

    private static final int MAX_DIGITS = 18;
    private static final long LIMIT = 1_000_000_000_000_000_000L;

    private AssignmentKeyHash() {}

    @Override
    public long hash(CharSequence key) {
        int length = key.length();
        if (length == 0 || length > MAX_DIGITS) {
            return sixDigits(Xxh3.INSTANCE.hash(key));
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = key.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return sixDigits(Xxh3.INSTANCE.hash(key));
            }
            number = number * 10 + digit;
        }
        return number;
    }

    @Override
    public long hash(long key) {
        return key >= 0 && key < LIMIT ? key : hash(Long.toString(key));
    }

    @Override
    public long drawn(long random) {
        return sixDigits(random);
    }

    @Override
    public String name() {
        return "assignment over " + Xxh3.INSTANCE.name();
    }

    private static long sixDigits(long hash) {
        return 100_000 + Long.remainderUnsigned(hash, 900_000);
    }
}
