package io.github.lbkit.http.internal.status;

import io.github.lbkit.api.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statuses by which a server says that it failed. Immutable.
 *
 * @param values 500 to 999, which {@link #within} checks where they are set
 */
public record FailureStatuses(Set<Integer> values) {
    /** What counts unless it is set. */
    public static final Set<Integer> DEFAULT = Set.of(502, 503, 504);

    private static final int UNAVAILABLE = 503;
    private static final int HIGHEST = 999;

    /** A copy of these statuses, each of which must lie from the least to 999, the highest that a server can send; the name is for the error. */
    public static Set<Integer> within(String name, Set<Integer> values, int least) {
        for (int status : values) {
            if (status < least || status > HIGHEST) {
                throw new IllegalArgumentException(name + " " + status + " is not within " + least + " to " + HIGHEST);
            }
        }
        return Set.copyOf(values);
    }

    /**
     * How the server failed by what it says; null if it did not. A server that is unavailable for a while, and says for
     * how long, has too much to do.
     *
     * @param saysWhen whether the response says when to come back ({@code Retry-After})
     */
    @Nullable
    public Failure failure(int status, boolean saysWhen) {
        if (!values.contains(status)) {
            return null;
        }
        return status == UNAVAILABLE && saysWhen ? Failure.OVERLOADED : Failure.STATUS;
    }
}
