package io.github.lbkit.http.internal.status;

import io.github.lbkit.api.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statuses of a response that count as a failure of the server. Immutable.
 *
 * @param values the statuses, 500 to 999; {@link #within} checks them where they are set
 */
public record FailureStatuses(Set<Integer> values) {
    /** The default statuses. */
    public static final Set<Integer> DEFAULT = Set.of(502, 503, 504);

    private static final int UNAVAILABLE = 503;
    private static final int MAX_STATUS = 999;

    /**
     * Returns a copy of the statuses after checking their range.
     *
     * @param name the name of the setting, for the message
     * @param least the least allowed status; the greatest is 999
     * @throws IllegalArgumentException if a status is out of range
     */
    public static Set<Integer> within(String name, Set<Integer> values, int least) {
        for (int status : values) {
            if (status < least || status > MAX_STATUS) {
                throw new IllegalArgumentException(
                        name + " " + status + " is not within " + least + " to " + MAX_STATUS);
            }
        }
        return Set.copyOf(values);
    }

    /**
     * Returns the failure that a status counts as; null if it is no failure. A 503 with {@code Retry-After} counts as
     * overload.
     *
     * @param hasRetryAfter whether the response has a {@code Retry-After} field
     */
    @Nullable
    public Failure failure(int status, boolean hasRetryAfter) {
        if (!values.contains(status)) {
            return null;
        }
        return status == UNAVAILABLE && hasRetryAfter ? Failure.OVERLOADED : Failure.STATUS;
    }
}
