package io.github.lbkit.api.internal.pool;

import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The allowed ids of servers, and the choice of an id for a server without one. */
public final class ServerIds {
    /** The allowed ids, for error messages. */
    public static final String ALLOWED = "1 to 63 of letters, digits, '-', '_', '.' and inner blanks";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-](?:[A-Za-z0-9._ -]{0,61}[A-Za-z0-9._-])?");
    private static final long RANDOM_NAMES = 36L * 36 * 36 * 36 * 36 * 36;

    private ServerIds() {}

    /** Returns whether the id is {@link #ALLOWED}. */
    public static boolean wellFormed(String id) {
        return ID.matcher(id).matches();
    }

    /**
     * Returns {@code S-} and six random letters or digits. Repeats the draw until the id is free; ends even if the
     * random source always returns the same number.
     */
    public static String random(LongSupplier random, Predicate<String> taken) {
        for (long tries = 0; ; tries++) {
            long draw = Long.remainderUnsigned(random.getAsLong() + tries, RANDOM_NAMES);
            String id = "S-" + Long.toString(RANDOM_NAMES + draw, 36).substring(1);
            if (!taken.test(id)) {
                return id;
            }
        }
    }
}
